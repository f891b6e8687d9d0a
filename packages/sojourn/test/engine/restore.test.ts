import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RequestFacts } from '../../src/core/session.ts'
import type { Restoration } from '../../src/engine/restore.ts'
import type { Started } from '../../src/engine/start.ts'
import type { Token } from '../../src/engine/token.ts'
import { day, hour, second } from '../../src/core/duration.ts'
import { anEngine, browser, stores } from './an-engine.ts'

const here: RequestFacts = { userAgent: browser, ip: '203.0.113.7', passive: false }
const idle = 2 * hour

function refreshOf({ refresh }: Started): string {
  assert.ok(refresh !== null)
  return refresh.reveal()
}

function startedBy(restoration: Restoration): Started {
  assert.equal(restoration.state, 'restored')
  assert.ok(restoration.state === 'restored')
  return restoration.started
}

for (const [name, open] of stores)
  describe(`remember-me on ${name}`, () => {
    const engineOf = () => anEngine({ store: open(), policy: 'stay-logged-in' })
    const remembered = { remember: true, data: { cart: ['a'] } }

    test('SLI-07 SLI-40 R-08 R-09 a timed-out session is restored, and nothing is proven anew', async () => {
      const { engine, login, clock, state, ended } = engineOf()
      const first = await login('u-1', { ...remembered, assurance: 2, amr: ['pwd', 'otp'] })
      clock.advance(idle + 1)
      assert.equal(await state(first), 'idle_timeout')
      const { session, data, token } = startedBy(await engine.restore(refreshOf(first), here))
      assert.notEqual(session.id, first.session.id)
      assert.equal(session.restored, true)
      assert.equal(session.method, 'remember')
      assert.equal(session.assurance, 1)
      assert.equal(session.authenticatedAt, first.session.authenticatedAt)
      assert.equal(session.family, first.session.family)
      assert.deepEqual({ ...data }, { cart: ['a'] })
      assert.equal(await state({ token }), 'active')
      assert.deepEqual(ended(), [[first.session.id, 'remember_restored']])
    })

    test('SLI-06 a refresh token is good for 30 days, and over one millisecond later', async () => {
      for (const [late, expected] of [
        [0, 'restored'],
        [1, 'none'],
      ] as const) {
        const { engine, login, clock } = engineOf()
        const first = await login('u-1', remembered)
        clock.advance(30 * day + late)
        assert.equal((await engine.restore(refreshOf(first), here)).state, expected)
      }
    })

    test('R-13 R-51 a chain of restorations ends with the longest time that a device is remembered', async () => {
      const { engine, login, clock } = engineOf()
      let latest = await login('u-1', remembered)
      const until = latest.session.createdAt + 180 * day
      for (let days = 0; days < 165; days += 15) {
        clock.advance(15 * day)
        latest = startedBy(await engine.restore(refreshOf(latest), here))
      }
      assert.equal(latest.session.rememberedUntil, until)
      clock.advance(15 * day + 1)
      assert.equal((await engine.restore(refreshOf(latest), here)).state, 'none')
    })

    test('SLI-08 R-49 the token rotates with each use, and the old one is rejected after the grace period', async () => {
      const { engine, login, clock, events } = engineOf()
      const first = await login('u-1', remembered)
      clock.advance(idle + 1)
      const second = startedBy(await engine.restore(refreshOf(first), here))
      assert.notEqual(refreshOf(second), refreshOf(first))
      await engine.verify(second.token.reveal(), here)
      clock.advance(20_001)
      assert.equal((await engine.restore(refreshOf(first), here)).state, 'ended')
      assert.equal(events.filter(({ type }) => type === 'refresh.reused').length, 1)
    })

    test('SLI-09 A-05 P-16 a copy ends its family with both addresses in the event, and no other device', async () => {
      const { engine, login, clock, state, events } = engineOf()
      const phone = await login('u-1', remembered)
      const laptop = await login('u-1', remembered)
      clock.advance(idle + 1)
      const owner = startedBy(await engine.restore(refreshOf(phone), here))
      assert.equal(await state(owner), 'active')
      clock.advance(20_001)
      const thief = await engine.restore(refreshOf(phone), {
        ...here,
        ip: '198.51.100.66',
        userAgent: 'curl/8',
      })
      assert.ok(thief.state === 'ended' && thief.reason === 'token_reuse')
      assert.equal(await state(owner), 'token_reuse')
      assert.equal((await engine.restore(refreshOf(owner), here)).state, 'none')
      const [reuse] = events.filter((event) => event.type === 'refresh.reused')
      assert.ok(reuse)
      assert.deepEqual(
        [reuse.session.ip, reuse.ip, reuse.userAgent],
        ['203.0.113.7', '198.51.100.66', 'curl/8'],
      )
      assert.equal((await engine.restore(refreshOf(laptop), here)).state, 'restored')
    })

    test('A-06 R-52 within the grace period, which never slides, all get the same successor', async () => {
      const { engine, login, clock, state } = engineOf()
      const first = await login('u-1', remembered)
      clock.advance(idle + 1)
      const tokens = new Set<string>()
      for (const pause of [0, 10 * second, 10 * second]) {
        clock.advance(pause)
        const { token, refresh } = startedBy(await engine.restore(refreshOf(first), here))
        tokens.add(`${token.reveal()} ${refresh?.reveal()}`)
        assert.equal(await state({ token }), 'active')
        await engine.flush()
      }
      assert.equal(tokens.size, 1)
      clock.advance(1)
      assert.equal((await engine.restore(refreshOf(first), here)).state, 'ended')
    })

    test('R-52 P-10 a client whose answer was lost gets the same successor, however late', async () => {
      const { engine, login, clock } = engineOf()
      const first = await login('u-1', remembered)
      clock.advance(idle + 1)
      const lost = startedBy(await engine.restore(refreshOf(first), here))
      clock.advance(hour)
      const again = startedBy(await engine.restore(refreshOf(first), here))
      assert.equal(again.token.reveal(), lost.token.reveal())
      assert.equal(refreshOf(again), refreshOf(lost))
    })

    test('A-06 R-52 who comes again gets the successor as it is by now, not what its predecessor was', async () => {
      for (const pause of [0, hour]) {
        const { engine, login, clock } = engineOf()
        const first = await login('u-1', remembered)
        clock.advance(idle + 1)
        const { session } = startedBy(await engine.restore(refreshOf(first), here))
        await engine.data.write(session.id, { set: { cart: ['a', 'b'] } })
        clock.advance(pause)
        const again = startedBy(await engine.restore(refreshOf(first), here))
        assert.deepEqual({ ...again.data }, { cart: ['a', 'b'] })
        assert.deepEqual([again.session.id, again.session.revision], [session.id, 1])
      }
    })

    test('R-52 a successor that timed out before its answer was asked for again stays over, and is restored in turn', async () => {
      const { engine, login, clock, state, ended, events } = engineOf()
      const first = await login('u-1', remembered)
      clock.advance(idle + 1)
      const lost = startedBy(await engine.restore(refreshOf(first), here))
      await engine.data.write(lost.session.id, { set: { cart: ['a', 'b'] } })
      const deadline = clock.now() + idle
      clock.set(deadline)
      assert.equal(startedBy(await engine.restore(refreshOf(first), here)).session.id, lost.session.id)
      clock.advance(1)
      const again = startedBy(await engine.restore(refreshOf(first), here))
      assert.notEqual(again.session.id, lost.session.id)
      assert.deepEqual({ ...again.data }, { cart: ['a', 'b'] })
      assert.equal(await state(again), 'active')
      assert.equal((await engine.get(lost.session.id))?.endReason, 'remember_restored')
      assert.equal(ended().length, 2)
      assert.equal(events.filter(({ type }) => type === 'session.restored').length, 2)
      assert.equal((await engine.restore(refreshOf(lost), here)).state, 'restored', 'the same one again')
      assert.equal((await engine.list({ state: 'live' })).items.length, 1)
    })

    test('SLI-05 SLI-32 ephemeral methods and guests are never remembered', async () => {
      const { login, guest } = engineOf()
      for (const method of ['ip', 'referer', 'lti', 'saml']) {
        const started = await login('u-1', { ...remembered, method })
        assert.equal(started.refresh, null, method)
        assert.equal(started.session.rememberedUntil, null, method)
      }
      assert.equal((await guest({ remember: true })).refresh, null)
    })

    test('SLI-04 passwords, passkeys, links and identity providers are remembered where asked, and only there', async () => {
      const { login } = engineOf()
      for (const method of ['password', 'passkey', 'magic-link', 'oidc']) {
        assert.ok((await login('u-1', { remember: true, method })).refresh !== null, method)
        assert.equal((await login('u-1', { remember: false, method })).refresh, null, method)
      }
    })

    test('R-20 R-21 R-54 a session that somebody ended cannot be restored, also if it had timed out before', async () => {
      const { engine, login, clock } = engineOf()
      const live = await login('u-1', remembered)
      const dormant = await login('u-1', remembered)
      await engine.end({ id: live.session.id }, 'user_revoked')
      assert.equal((await engine.restore(refreshOf(live), here)).state, 'none')
      clock.advance(idle + 1)
      await engine.sweep()
      await engine.end({ subject: 'u-1' }, 'credential_changed')
      assert.equal((await engine.restore(refreshOf(dormant), here)).state, 'none')
    })

    test('R-20 a watermark voids what could be restored', async () => {
      const { engine, login, clock } = engineOf()
      const first = await login('u-1', remembered)
      clock.advance(idle + 1)
      await engine.voidBefore({ subject: 'u-1' }, 'account_disabled')
      assert.equal((await engine.restore(refreshOf(first), here)).state, 'none')
    })

    test('A-32 R-53 no token passes for another kind, nor for another session', async () => {
      const { engine, login, clock, ask } = engineOf()
      const [mine, other] = [await login('u-1', remembered), await login('u-2', remembered)]
      assert.equal((await ask(refreshOf(mine))).state, 'none')
      clock.advance(idle + 1)
      assert.equal((await engine.restore(mine.token.reveal(), here)).state, 'none')
      const crossed = `${other.session.id}.${(mine.refresh as Token).secret()}`
      assert.equal((await engine.restore(crossed, here)).state, 'none')
      for (const text of ['', 'a', `${mine.session.id}.`, '../', refreshOf(mine).slice(0, -1)])
        assert.equal((await engine.restore(text, here)).state, 'none')
      assert.equal((await engine.restore(refreshOf(other), here)).state, 'restored')
    })

    test('SLI-25 SLI-38 what can be restored is kept and flagged, and purged once its token is dead', async () => {
      const { engine, login, clock } = engineOf()
      const { session } = await login('u-1', remembered)
      const plain = await login('u-1')
      clock.advance(29 * day)
      await engine.sweep()
      const kept = (await engine.list({ subject: 'u-1', state: 'restorable' })).items
      assert.deepEqual(
        kept.map(({ id }) => id),
        [session.id],
      )
      assert.equal((await engine.get(plain.session.id))?.endReason, 'idle_timeout')
      clock.advance(2 * day)
      await engine.sweep()
      assert.equal(await engine.get(plain.session.id), undefined)
      clock.advance(hour)
      await engine.sweep()
      assert.equal(await engine.get(session.id), undefined)
    })

    test('P-07 SLI-16 a restoration obeys the limit as a login does', async () => {
      const { engine, login, clock, state } = anEngine({
        store: open(),
        policy: { extends: 'stay-logged-in', limit: 1, onExceed: 'deny' },
      })
      const phone = await login('u-1', remembered)
      clock.advance(idle + 1)
      const laptop = await login('u-1')
      await assert.rejects(engine.restore(refreshOf(phone), here), { code: 'login_refused_by_limit' })
      assert.equal(await state(laptop), 'active')
      await engine.end({ id: laptop.session.id }, 'user_logout')
      assert.equal((await engine.restore(refreshOf(phone), here)).state, 'restored')
    })
  })

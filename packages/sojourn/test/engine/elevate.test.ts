import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { requireFresh } from '../../src/core/assurance.ts'
import { day, hour, minute, second } from '../../src/core/duration.ts'
import { start } from '../../src/testing/fixtures.ts'
import { anEngine, browser, stores } from './an-engine.ts'
import { around, distant } from './around.ts'

const here = { userAgent: browser, ip: '203.0.113.7', passive: false }
const otp = { amr: ['otp'], assurance: 2 } as const

for (const [name, open] of stores)
  describe(`verifying factors again on ${name}`, () => {
    const engineOf = (options = {}) => anEngine({ store: open(), ...options })

    test('R-04 a new token, and the old one is dead at once, without grace', async () => {
      const { login, engine, state, ended, events } = engineOf()
      const before = await login()
      const after = await engine.elevate(before.session.id, otp)
      assert.ok(after !== undefined)
      assert.equal(after.session.id, before.session.id)
      assert.notEqual(after.token.secret(), before.token.secret())
      assert.equal(await state(before), 'unknown')
      assert.equal(await state(after), 'active')
      assert.deepEqual(ended(), [])
      assert.equal(events.filter(({ type }) => type === 'token.rejected').length, 1)
    })

    test('R-04 the old token is dead where the answer with the new one was lost, too; later it is a copy', async () => {
      const { login, engine, state, clock } = engineOf()
      const before = await login()
      const after = await engine.elevate(before.session.id, otp)
      assert.ok(after !== undefined)
      clock.advance(21 * second)
      assert.equal(await state(before), 'unknown')
      assert.equal(await state(after), 'active')
      await engine.flush()
      clock.advance(21 * second)
      assert.equal(await state(before), 'token_reuse')
      assert.equal(await state(after), 'token_reuse')
    })

    test('R-04 whatever changes what a session may do can replace its token: renew', async () => {
      const { login, engine, state, events } = engineOf()
      const before = await login('u-1', { data: { cart: ['a'] } })
      const after = await engine.renew(before.session.id)
      assert.ok(after !== undefined)
      assert.deepEqual({ ...after.data }, { cart: ['a'] })
      assert.equal(after.session.authenticatedAt, before.session.authenticatedAt)
      assert.equal(after.session.expiresAt, before.session.expiresAt)
      assert.equal(await state(before), 'unknown')
      assert.equal(await state(after), 'active')
      assert.equal(events.filter(({ type }) => type === 'session.regenerated').length, 1)
    })

    test('R-09 a factor raises the assurance; restoring, renewing and regenerating never do', async () => {
      const policy = { regenerateEvery: '10m', idleTimeout: '2h' } as const
      const { login, engine, clock, ask, events } = engineOf({ policy })
      const { session, refresh } = await login('u-1', { amr: ['pwd'], remember: true })
      clock.advance(minute)
      const up = await engine.elevate(session.id, otp)
      assert.ok(up !== undefined)
      assert.deepEqual([up.session.assurance, up.session.amr], [2, ['pwd', 'otp']])
      assert.deepEqual(await engine.get(session.id), up.session)
      const elevated = events.flatMap((event) => (event.type === 'session.elevated' ? [event.from] : []))
      assert.deepEqual(elevated, [1])
      const lower = await engine.elevate(session.id, { amr: ['sms'], assurance: 1 })
      assert.equal(lower?.session.assurance, 2, 'nor does a factor lower it')
      assert.equal((await engine.renew(session.id))?.session.assurance, 2)
      clock.advance(11 * minute)
      const found = await ask((await engine.renew(session.id))?.token ?? '')
      assert.ok(found.state === 'active' && found.session.assurance === 2)
      clock.advance(3 * hour)
      const restored = await engine.restore(refresh?.reveal() ?? '', here)
      assert.ok(restored.state === 'restored')
      assert.equal(restored.started.session.assurance, 1)
      const again = await engine.elevate(restored.started.session.id, otp)
      assert.deepEqual([again?.session.assurance, again?.session.restored], [2, false])
    })

    test('R-15 both timers start anew with a factor, and with nothing else', async () => {
      const policy = { idleTimeout: '2h', absoluteTimeout: '12h' } as const
      const { login, engine, clock, state } = engineOf({ policy })
      const { session } = await login()
      clock.advance(hour)
      assert.equal((await engine.renew(session.id))?.session.expiresAt, start + 12 * hour)
      clock.advance(hour + 30 * minute)
      const up = await engine.elevate(session.id, otp)
      assert.ok(up !== undefined)
      const since = clock.now()
      assert.equal(up.session.expiresAt, since + 12 * hour)
      assert.equal(up.expiresAt, since + 2 * hour)
      clock.advance(2 * hour)
      assert.equal(await state(up), 'active')
      for (let hours = 2; hours < 12; hours++) {
        clock.advance(hour)
        assert.equal(await state(up), 'active')
      }
      assert.equal(clock.now(), since + 12 * hour)
      clock.advance(1)
      assert.equal(await state(up), 'absolute_timeout')
    })

    test("R-15 R-27 what an identity provider or a subject's own policy allows, no factor here prolongs", async () => {
      const own = () => ({ absoluteTimeout: '8h' }) as const
      const { login, engine, clock } = engineOf({ policy: { absoluteTimeout: '1d' }, subjectPolicy: own })
      const bound = await login('u-1', { endsAt: start + 6 * hour })
      const free = await login('u-1')
      clock.advance(hour)
      assert.equal((await engine.elevate(bound.session.id, otp))?.session.expiresAt, start + 6 * hour)
      assert.equal((await engine.elevate(free.session.id, otp))?.session.expiresAt, start + 9 * hour)
    })

    test('R-29 P-20 what needs a fresh factor is refused until there is one, and again when that is old', async () => {
      const { login, engine, clock } = engineOf()
      const { session } = await login('u-1', { amr: ['pwd'] })
      const need = { maxAge: 5 * minute, assurance: 2 } as const
      const answer = async () => {
        const now = await engine.get(session.id)
        assert.ok(now !== undefined)
        return requireFresh(now, need, clock.now())
      }
      assert.partialDeepStrictEqual(await answer(), { ok: false, reason: 'step_up_required' })
      await engine.elevate(session.id, otp)
      clock.advance(5 * minute)
      assert.deepEqual(await answer(), { ok: true })
      await engine.renew(session.id)
      clock.advance(1)
      assert.partialDeepStrictEqual(await answer(), { ok: false, reason: 'reauth_required', max_age: 300 })
      clock.advance(day)
      assert.equal(
        (await engine.list({ subject: 'u-1', state: 'any' })).items.length,
        1,
        'listing needs none',
      )
    })

    test('nobody, a guest and an ended session prove nothing', async () => {
      const { login, guest, engine, clock, events } = engineOf()
      const visitor = await guest()
      const one = await login()
      await engine.end({ id: one.session.id }, 'user_logout')
      const over = await login()
      clock.advance(3 * hour)
      for (const id of [one.session.id, over.session.id, 'nothing'])
        assert.equal(await engine.elevate(id, otp), undefined)
      assert.equal(await engine.elevate(visitor.session.id, otp), undefined)
      assert.equal(events.filter(({ type }) => type === 'session.elevated').length, 0)
    })

    test('of parallel proofs one token is left, and every factor counts', async () => {
      const { login, engine, state } = anEngine({ store: distant(open()) })
      const { session } = await login('u-1', { amr: ['pwd'] })
      const all = await Promise.all(
        ['otp', 'hwk', 'sms'].map((amr) => engine.elevate(session.id, { amr: [amr], assurance: 2 })),
      )
      assert.deepEqual([...((await engine.get(session.id))?.amr ?? [])].sort(), ['hwk', 'otp', 'pwd', 'sms'])
      const states = await Promise.all(all.map(async (one) => (one === undefined ? 'none' : state(one))))
      assert.equal(states.filter((word) => word === 'active').length, 1)
    })
  })

test('a guest is not even given a new token for a factor', async () => {
  const { guest, engine, state } = anEngine()
  const one = await guest()
  assert.equal(await engine.elevate(one.session.id, otp), undefined)
  assert.equal(await state(one), 'active')
})

test('a token that others replace without a pause is not replaced for ever', async () => {
  const store = around(anEngine().store, (verb, run) => (verb === 'regenerate' ? 'lost' : run()))
  const { login, engine } = anEngine({ store })
  const { session } = await login()
  await assert.rejects(engine.renew(session.id), { code: 'revision_conflict', status: 409 })
})

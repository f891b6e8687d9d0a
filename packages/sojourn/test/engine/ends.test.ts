import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Which } from '../../src/engine/end.ts'
import { hour, minute, start } from '../../src/testing/fixtures.ts'
import { anEngine, stores } from './an-engine.ts'
import { around, distant, turn } from './around.ts'

for (const [name, open] of stores)
  describe(`ends on ${name}`, () => {
    test('SLI-22 SLI-36 SLI-37 ending one session ends no other, over all pairs', async () => {
      const { login, state, engine } = anEngine({ store: open() })
      for (let victim = 0; victim < 3; victim++) {
        const started = [await login(), await login(), await login()]
        await engine.end({ id: started[victim]?.session.id ?? '' }, 'user_revoked', 'u-1')
        for (const [index, one] of started.entries())
          assert.equal(await state(one), index === victim ? 'user_revoked' : 'active')
      }
    })

    test('SLI-36 what one device writes the others do not see', async () => {
      const { login, engine } = anEngine({ store: open() })
      const [desktop, mobile] = [await login(), await login()]
      await engine.data.write(desktop.session.id, { set: { draft: 'x' } })
      assert.deepEqual({ ...(await engine.data.read(mobile.session.id)) }, {})
    })

    test('ROD-28 ROD-32 one session by its id', async () => {
      const { login, live, engine } = anEngine({ store: open(), policy: 'rodauth' })
      const [one, other] = [await login(), await login()]
      const ended = await engine.end({ id: one.session.id }, 'user_logout')
      assert.deepEqual(
        ended.map(({ id, endReason }) => [id, endReason]),
        [[one.session.id, 'user_logout']],
      )
      assert.deepEqual(
        (await live()).map(({ id }) => id),
        [other.session.id],
      )
    })

    test('ROD-04 ROD-29 R-20 all sessions of an account', async () => {
      const { login, live, engine, state } = anEngine({ store: open(), policy: 'rodauth' })
      const started = [await login(), await login(), await login()]
      const stranger = await login('u-2')
      assert.equal((await engine.end({ subject: 'u-1' }, 'account_disabled')).length, 3)
      assert.equal((await live()).length, 0)
      for (const one of started) assert.equal(await state(one), 'account_disabled')
      assert.equal(await state(stranger), 'active')
    })

    test('ROD-30 ROD-31 R-21 all but one; with no such one, all', async () => {
      const { login, live, engine, state } = anEngine({ store: open(), policy: 'rodauth' })
      const [one, other, third] = [await login(), await login(), await login()]
      await engine.end({ subject: 'u-1', except: third.session.id }, 'credential_changed')
      assert.equal(await state(one), 'credential_changed')
      assert.equal(await state(other), 'credential_changed')
      assert.equal(await state(third), 'active')
      await engine.end({ subject: 'u-1', except: 'nobody' }, 'credential_changed')
      assert.equal((await live()).length, 0)
    })

    test('the first reason stands, and one event tells of it', async () => {
      const { login, engine, ended, state } = anEngine({ store: open() })
      const one = await login()
      await engine.end({ id: one.session.id }, 'user_logout')
      assert.deepEqual(await engine.end({ id: one.session.id }, 'admin_revoked'), [])
      assert.equal(await state(one), 'user_logout')
      assert.deepEqual(ended(), [[one.session.id, 'user_logout']])
    })

    test('P-11 exactly one session.ended for every session, whoever finds it first', async () => {
      const rig = anEngine({ store: distant(open()), policy: { idleTimeout: '1h' } })
      const { login, engine, ended, ask, clock } = rig
      const started = await Promise.all(Array.from({ length: 5 }, () => login()))
      clock.advance(hour + minute + 1)
      await turn()
      await Promise.all([
        ...started.flatMap(({ token }) => [ask(token), ask(token)]),
        engine.end({ subject: 'u-1' }, 'admin_revoked'),
        engine.sweep(),
        engine.sweep('u-1'),
        login('u-1', { replaces: { id: started[0]?.session.id ?? '', reason: 'replaced_at_login' } }),
      ])
      assert.equal(ended().length, 5)
      assert.deepEqual(
        new Set(ended().map(([id, reason]) => `${id} ${reason}`)),
        new Set(started.map(({ session }) => `${session.id} idle_timeout`)),
      )
    })

    test('P-11 of a logout and an idle timeout that race, the request hears what the record says', async () => {
      for (const first of ['request', 'logout'] as const) {
        const { login, engine, ask, clock } = anEngine({ store: distant(open()), policy: 'aurora' })
        const { token, session } = await login('u-1', { roles: ['administrator'] })
        clock.set(start + 2 * hour)
        const asked = () => ask(token)
        const ending = () => engine.end({ id: session.id }, 'user_logout')
        const running = first === 'request' ? [asked(), ending()] : [ending(), asked()]
        await Promise.all(running)
        const found = await ask(token)
        const record = await engine.get(session.id)
        assert.ok(found.state === 'ended')
        assert.equal(found.reason, record?.endReason)
        assert.equal(found.endedAt, record?.endedAt)
      }
    })

    test('P-11 a request that finds a session over, but comes second, hears the first reason', async () => {
      const inner = open()
      const store = around(inner, async (verb, run) => {
        if (verb === 'end')
          await inner.end({ realm: 'main', subject: 'u-1' }, { at: start, reason: 'admin_revoked' })
        return run()
      })
      const policy = { fingerprint: 'ua-exact', onFingerprintChange: 'end' } as const
      const { login, ended, state } = anEngine({ store, policy })
      const one = await login()
      assert.equal(await state(one, { userAgent: 'other' }), 'admin_revoked')
      assert.deepEqual(ended(), [], 'who ended it tells of it')
    })

    test('A-03 P-02 a request in flight at logout revives nothing', async () => {
      const { login, engine, state, clock, ask } = anEngine({ store: open(), policy: 'stay-logged-in' })
      const one = await login()
      clock.advance(5 * minute)
      const inFlight = await ask(one.token)
      assert.ok(inFlight.state === 'active')
      await engine.end({ id: one.session.id }, 'user_logout')
      clock.advance(5 * minute)
      await engine.flush()
      assert.equal(await engine.touch(one.session.id), undefined)
      assert.equal(await state(one), 'user_logout')
      assert.equal((await engine.get(one.session.id))?.lastSeenAt, start)
    })

    test('R-23 voidBefore ends all sessions of a scope without visiting one; later ones stand', async () => {
      const { login, state, engine, clock, live, ended } = anEngine({ store: open() })
      const one = await login()
      const stranger = await login('u-2')
      clock.advance(minute)
      await engine.voidBefore({ subject: 'u-1' }, 'credential_changed')
      assert.equal((await live()).length, 0)
      assert.deepEqual(ended(), [], 'no row was visited')
      clock.advance(1)
      const later = await login()
      assert.equal(await state(one), 'credential_changed')
      assert.equal(await state(stranger), 'active')
      assert.equal(await state(later), 'active')
      assert.equal((await engine.get(one.session.id))?.endedAt, start + minute)
      assert.deepEqual(ended(), [[one.session.id, 'credential_changed']])
    })

    test('voidBefore reaches the whole realm, and one login method', async () => {
      const { login, state, engine, clock } = anEngine({ store: open() })
      const [saml, password] = [await login('u-1', { method: 'saml' }), await login('u-2')]
      clock.advance(minute)
      await engine.voidBefore({ method: 'saml' }, 'idp_logout')
      assert.equal(await state(saml), 'idp_logout')
      assert.equal(await state(password), 'active')
      await engine.voidBefore({}, 'bulk_revoked')
      assert.equal(await state(password), 'bulk_revoked')
    })
  })

test('a key without a value never stands for everybody', async () => {
  const { login, engine, state } = anEngine()
  const one = await login()
  const nobody = { subject: undefined } as unknown as Which
  const message =
    /^(end|list|voidBefore)\.subject: expected a value, or the key left out to match all, got nothing$/
  await assert.rejects(engine.end(nobody, 'admin_revoked'), { code: 'invalid_option', message })
  await assert.rejects(engine.list(nobody), { code: 'invalid_option', message })
  await assert.rejects(engine.voidBefore(nobody as object, 'admin_revoked'), {
    code: 'invalid_option',
    message,
  })
  assert.equal(await state(one), 'active')
})

test('an event about an end hears of a session as it ended, and cannot change it', async () => {
  const { login, engine, events } = anEngine()
  const one = await login()
  await engine.end({ id: one.session.id }, 'admin_revoked', 'u-admin')
  const event = events.at(-1)
  assert.ok(event?.type === 'session.ended')
  assert.equal(event.reason, 'admin_revoked')
  assert.equal(event.session.endedBy, 'u-admin')
  assert.ok(Object.isFrozen(event.session))
})

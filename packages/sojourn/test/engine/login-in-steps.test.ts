import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Choosing } from '../../src/engine/choose.ts'
import type { Started } from '../../src/engine/start.ts'
import { hour, minute, start } from '../../src/testing/fixtures.ts'
import { anEngine, browser, stores } from './an-engine.ts'
import { around } from './around.ts'

const asking = { limit: 2, onExceed: 'ask-user' } as const

function begun(choosing: Choosing): Started {
  assert.ok(choosing.state === 'started', choosing.state)
  return choosing.started
}

for (const [name, open] of stores)
  describe(`logins in steps on ${name}`, () => {
    const engineOf = (policy: object = asking) => anEngine({ store: open(), policy })

    test('PCA-13 PCA-15 a login in steps is one session: known before it, secret replaced at its end', async () => {
      const { login, guest, engine, state, ask, clock } = engineOf({})
      for (const subject of [undefined, 'u-1']) {
        const first = await (subject === undefined
          ? guest({ pending: true, data: { client: 'shop' } })
          : login(subject, { pending: true, data: { client: 'shop' }, amr: ['pwd'] }))
        const found = await ask(first.token)
        assert.ok(found.state === 'pending' && found.waitsFor === 'step')
        clock.advance(minute)
        const second = await engine.activate(first.session.id, { subject: 'u-1', amr: ['otp'], assurance: 2 })
        assert.ok(second !== undefined)
        assert.equal(second.session.id, first.session.id)
        assert.equal(second.session.authenticatedAt, clock.now())
        assert.equal(second.session.assurance, 2)
        assert.deepEqual(second.session.amr, subject === undefined ? ['otp'] : ['pwd', 'otp'])
        assert.deepEqual({ ...second.data }, { client: 'shop' })
        assert.equal(await state(first), 'unknown')
        const active = await ask(second.token)
        assert.ok(active.state === 'active')
        assert.equal(active.session.subject, 'u-1')
        assert.deepEqual({ ...active.data }, { client: 'shop' })
        assert.equal(await engine.activate(first.session.id), undefined, 'only once')
      }
    })

    test('A-07 a login that was begun for one subject is never completed for another', async () => {
      const { login, engine, state } = engineOf({})
      const victim = await login('victim', { pending: true })
      await assert.rejects(engine.activate(victim.session.id, { subject: 'thief' }), {
        code: 'invalid_option',
        message: /^subject: expected the one whose login was begun, got an object$/,
      })
      assert.equal(await state(victim), 'pending')
    })

    test('A-07 a session that waits is good for nothing else', async () => {
      const { login, engine } = engineOf({})
      const { session } = await login('u-1', { pending: true })
      assert.equal(await engine.touch(session.id), undefined)
      assert.equal(await engine.elevate(session.id, { amr: ['otp'], assurance: 2 }), undefined)
      assert.equal(await engine.renew(session.id), undefined)
      assert.equal(await engine.upgrade(session.id, { subject: 'u-1' }), undefined)
      await assert.rejects(engine.guard(session.id), { code: 'session_gone' })
      await assert.rejects(engine.activities.add(session.id, { kind: 'event', name: 'x' }), {
        code: 'session_gone',
      })
      const target = { subject: 'u-2', roles: [], mayActAs: () => true }
      assert.deepEqual(await engine.impersonate(session.id, target), {
        state: 'refused',
        reason: 'not_authenticated',
      })
    })

    test('A-24 the limit is asked after the last step, not before: Keycloak #16663', async () => {
      const { login, engine, state } = engineOf({ limit: 1, onExceed: 'evict-oldest-inactive' })
      const first = await login('u-1', { pending: true })
      const other = await login()
      assert.equal(await state(other), 'active')
      const done = await engine.activate(first.session.id, { amr: ['otp'] })
      assert.ok(done !== undefined)
      assert.equal(await state(other), 'evicted_by_limit')
      const denied = engineOf({ limit: 1, onExceed: 'deny' })
      const step = await denied.login('u-1', { pending: true })
      await denied.login()
      await assert.rejects(denied.engine.activate(step.session.id), { code: 'login_refused_by_limit' })
      assert.equal(await denied.state(step), 'pending')
    })

    test('what the last step proved is kept while the person chooses', async () => {
      const { login, engine, clock } = engineOf()
      const phone = await login()
      await login()
      const step = await login('u-1', { pending: true, amr: ['pwd'], remember: true })
      clock.advance(minute)
      const asked = await engine.activate(step.session.id, { amr: ['otp'], assurance: 2 })
      assert.ok(asked !== undefined && asked.choice !== null)
      assert.equal(asked.session.id, step.session.id)
      clock.advance(minute)
      const { session, refresh } = begun(await engine.choose(step.session.id, phone.session.id))
      assert.equal(session.assurance, 2)
      assert.deepEqual(session.factors, [
        { amr: 'pwd', at: start },
        { amr: 'otp', at: start + minute },
      ])
      assert.equal(session.authenticatedAt, start + minute)
      assert.ok(refresh !== null)
    })

    test('a login that waits may be restored from nothing, and is swept like any other', async () => {
      const { login, engine, clock, ended } = engineOf({})
      const { session } = await login('u-1', { pending: true, remember: true })
      assert.equal(session.rememberedUntil, null)
      clock.advance(hour)
      await engine.sweep()
      assert.deepEqual(ended(), [[session.id, 'absolute_timeout']])
    })

    test('JAD-26 where sessions must be initiated, one that waits is, and one that nobody began is not', async () => {
      const { engine, login, state } = anEngine({
        store: open(),
        policy: { extends: 'jadu', limit: 1, onExceed: 'ask-user' },
      })
      const request = { userAgent: browser, ip: null }
      const first = await login('u-1', { request })
      const second = await login('u-1', { request })
      assert.equal(await state(second), 'pending')
      assert.equal(await state(begun(await engine.choose(second.session.id, first.session.id))), 'active')
    })

    test('a limit of 0 refuses the first step, and what an identity provider allows holds after the last', async () => {
      const closed = engineOf({ limit: 0 })
      await assert.rejects(closed.login('u-1', { pending: true }), { code: 'login_disabled_by_limit' })
      const { login, engine } = engineOf({})
      const step = await login('u-1', { pending: true, endsAt: start + hour, remember: true })
      const done = await engine.activate(step.session.id)
      assert.equal(done?.session.expiresAt, start + hour)
      assert.equal(done.refresh, null, 'what restores it would not know of that')
    })

    test('who computes from what a first step kept notices that the login was completed meanwhile', async () => {
      let complete: (() => Promise<unknown>) | undefined
      const store = around(open(), async (verb, run) => {
        const done = verb === 'write' ? complete : undefined
        complete = done === undefined ? complete : undefined
        await done?.()
        return run()
      })
      const { login, engine } = anEngine({ store })
      const { session } = await login('u-1', { pending: true, data: { count: 1 } })
      complete = () => engine.activate(session.id, { data: { count: 10 } })
      const data = await engine.data.update(session.id, ({ count }) => ({
        set: { count: Number(count) + 1 },
      }))
      assert.equal(data['count'], 11)
    })
  })

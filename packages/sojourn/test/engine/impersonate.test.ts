import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hour, minute, start } from '../../src/testing/fixtures.ts'
import type { Impersonation } from '../../src/engine/impersonate.ts'
import type { Started } from '../../src/engine/start.ts'
import { anEngine, browser, stores } from './an-engine.ts'
import { around } from './around.ts'

const here = { userAgent: browser, ip: '203.0.113.7', passive: false }
const member = { subject: 'u-1', roles: ['member'], mayActAs: (role: string) => role === 'member' }

function acting(impersonation: Impersonation): Started {
  assert.ok(impersonation.state === 'started')
  return impersonation.started
}

for (const [name, open] of stores)
  describe(`acting as another on ${name}`, () => {
    const engineOf = (options = {}) => anEngine({ store: open(), policy: 'stay-logged-in', ...options })
    const support = { roles: ['support'], amr: ['pwd', 'otp'], assurance: 2 } as const

    test("A-25 R-04 a session of its own, marked with the actor; both ids are told, and the admin's goes on", async () => {
      const { engine, login, state, ask, events } = engineOf()
      const admin = await login('ada', support)
      const target = await login('u-1', { remember: true })
      const { session, token, refresh } = acting(await engine.impersonate(admin.session.id, member))
      assert.notEqual(session.id, admin.session.id)
      assert.notEqual(session.id, target.session.id)
      assert.deepEqual(
        [session.subject, session.actor, session.parent, session.method, session.roles],
        ['u-1', 'ada', admin.session.id, 'impersonation', ['member']],
      )
      assert.equal(refresh, null)
      assert.equal(session.rememberedUntil, null)
      const found = await ask(token)
      assert.ok(found.state === 'active' && found.session.actor === 'ada')
      assert.equal(await state(admin), 'active')
      const told = events.filter(
        (event) => event.type === 'session.started' || event.type === 'impersonation.started',
      )
      assert.deepEqual(
        told.slice(-2).map(({ type, session: { id, actor, parent } }) => [type, id, actor, parent]),
        ['session.started', 'impersonation.started'].map((type) => [
          type,
          session.id,
          'ada',
          admin.session.id,
        ]),
      )
    })

    test("A-25 the target's list shows it marked, and their own sessions and devices are untouched", async () => {
      const { engine, login, live, state, clock } = engineOf({ policy: { limit: 1 } })
      const admin = await login('ada', support)
      const target = await login('u-1', { remember: true })
      const { session } = acting(await engine.impersonate(admin.session.id, member))
      assert.deepEqual(
        new Map((await live()).map(({ id, actor }) => [id, actor])),
        new Map([
          [target.session.id, null],
          [session.id, 'ada'],
        ]),
      )
      assert.equal(await state(target), 'active', 'it counts for no limit')
      clock.advance(3 * hour)
      assert.equal((await engine.restore(target.refresh?.reveal() ?? '', here)).state, 'restored')
    })

    test('A-25 it lasts a quarter of an hour, used or not', async () => {
      const { engine, login, state, clock } = engineOf()
      const admin = await login('ada', support)
      const started = acting(await engine.impersonate(admin.session.id, member))
      for (let minutes = 0; minutes < 15; minutes++) {
        assert.equal(await state(started), 'active')
        clock.advance(minute)
      }
      assert.equal(await state(started), 'active')
      clock.advance(1)
      assert.equal(await state(started), 'absolute_timeout')
      assert.equal(await state(admin), 'active')
    })

    test("A-25 the admin's logout ends it, for the same reason", async () => {
      const { engine, login, state, ended } = engineOf()
      const admin = await login('ada', support)
      const started = acting(await engine.impersonate(admin.session.id, member))
      await engine.end({ id: admin.session.id }, 'user_logout', 'ada')
      assert.equal(await state(started), 'user_logout')
      assert.equal(ended().length, 2)
    })

    test('A-25 R-04 it stops when it is ended: its token is dead, and the admin may have a new one', async () => {
      const { engine, login, state } = engineOf()
      const admin = await login('ada', support)
      const started = acting(await engine.impersonate(admin.session.id, member))
      await engine.end({ id: started.session.id }, 'user_logout', 'ada')
      const back = await engine.renew(admin.session.id)
      assert.ok(back !== undefined)
      assert.equal(await state(started), 'user_logout')
      assert.equal(await state(admin), 'unknown')
      assert.equal(await state(back), 'active')
      assert.equal(back.session.subject, 'ada')
    })

    test('A-25 nested, oneself, above, and from nothing: refused, told, and nothing is started', async () => {
      const { engine, login, guest, events } = engineOf()
      const admin = await login('ada', support)
      const { session } = acting(await engine.impersonate(admin.session.id, member))
      const visitor = await guest()
      const gone = await login('bob', support)
      await engine.end({ id: gone.session.id }, 'user_logout')
      const before = (await engine.list({ state: 'any' })).items.length
      for (const [id, target, reason] of [
        [session.id, { ...member, subject: 'u-2' }, 'nested'],
        [admin.session.id, { ...member, subject: 'ada' }, 'oneself'],
        [admin.session.id, { ...member, roles: ['member', 'administrator'] }, 'above'],
        [visitor.session.id, member, 'not_authenticated'],
        [gone.session.id, member, 'not_authenticated'],
        ['nothing', member, 'not_authenticated'],
      ] as const) {
        assert.deepEqual(await engine.impersonate(id, target), { state: 'refused', reason })
        const last = events.at(-1)
        assert.ok(last?.type === 'impersonation.refused')
        assert.deepEqual([last.subject, last.reason], [target.subject, reason])
      }
      assert.equal((await engine.list({ state: 'any' })).items.length, before)
    })

    test('A-25 a watermark over the admin is the end of it', async () => {
      const { engine, login } = engineOf()
      const admin = await login('ada', support)
      await engine.voidBefore({ subject: 'ada' }, 'account_disabled')
      assert.deepEqual(await engine.impersonate(admin.session.id, member), {
        state: 'refused',
        reason: 'not_authenticated',
      })
    })

    test('A-25 no factor of the actor counts as one of the subject, and who may not log in is nobody to act as', async () => {
      const own = (subject: string) => (subject === 'shut' ? { limit: 0 } : undefined)
      const { engine, login } = engineOf({ subjectPolicy: own })
      const admin = await login('ada', support)
      const { session } = acting(await engine.impersonate(admin.session.id, member))
      await assert.rejects(engine.elevate(session.id, { amr: ['otp'], assurance: 3 }), {
        code: 'acting_as_another',
      })
      assert.equal((await engine.get(session.id))?.assurance, 2)
      await assert.rejects(engine.impersonate(admin.session.id, { ...member, subject: 'shut' }), {
        code: 'login_disabled_by_limit',
      })
    })

    test('A-25 staff of one realm act as people of another, and end there with it', async () => {
      const staff = engineOf({ realm: 'staff' })
      const { store, clock } = staff
      const shop = anEngine({ store, clock, realm: 'shop' })
      const admin = await staff.login('ada', support)
      const started = acting(await shop.engine.impersonate(admin.session.id, member))
      assert.equal(started.session.realm, 'shop')
      assert.equal(await shop.state(started), 'active')
      assert.equal(await staff.state(started), 'unknown')
      await staff.engine.end({ id: admin.session.id }, 'admin_revoked')
      assert.equal(await shop.state(started), 'admin_revoked')
    })
  })

test('A-25 an admin who is signed out in that very moment acts as nobody', async () => {
  const inner = anEngine().store
  let adminId = ''
  const store = around(inner, async (verb, run) => {
    if (verb === 'create' && adminId !== '')
      await inner.end({ realm: 'main', id: adminId }, { at: start, reason: 'admin_revoked' })
    return run()
  })
  const { engine, login, live, ended } = anEngine({ store })
  const admin = await login('ada', { roles: ['support'] })
  adminId = admin.session.id
  await assert.rejects(engine.impersonate(adminId, member), { code: 'session_gone' })
  assert.equal((await live('u-1')).length, 0)
  assert.deepEqual(
    ended().map(([, reason]) => reason),
    ['admin_revoked'],
  )
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hour, minute, second } from '../../src/core/duration.ts'
import { start } from '../../src/testing/fixtures.ts'
import { anEngine, browser, stores } from './an-engine.ts'

const here = { userAgent: browser, ip: '203.0.113.7', passive: false }

for (const [name, open] of stores)
  describe(`what a session may do late on ${name}`, () => {
    test('A-29 a revocation during a long request stops what it would commit: its data and its deed', async () => {
      const { login, ask, engine } = anEngine({ store: open() })
      const { token, session } = await login('u-1', { data: { balance: 5 } })
      const found = await ask(token)
      assert.ok(found.state === 'active', 'checked at the beginning')
      assert.equal((await engine.guard(session.id)).subject, 'u-1')
      await engine.end({ id: session.id }, 'admin_revoked', 'ada')
      await assert.rejects(engine.guard(session.id), {
        code: 'session_gone',
        status: 401,
        message: /^session [\w-]+ has ended or never was/,
      })
      const write = engine.data.write(session.id, { set: { balance: 0 } }, found.data)
      await assert.rejects(write, { code: 'session_gone' })
      assert.equal((await engine.data.read(session.id))?.['balance'], 5)
    })

    test('A-29 so do a timeout, a watermark and a tighter policy', async () => {
      const { login, engine, clock } = anEngine({
        store: open(),
        policy: { idleTimeout: '1h', touchEvery: 0 },
      })
      const idle = await login()
      clock.advance(hour)
      await engine.guard(idle.session.id)
      clock.advance(1)
      await assert.rejects(engine.guard(idle.session.id), { code: 'session_gone' })
      const voided = await login()
      await engine.voidBefore({ subject: 'u-1' }, 'account_disabled')
      await assert.rejects(engine.guard(voided.session.id), { code: 'session_gone' })
      clock.advance(1)
      const tightened = await login()
      clock.advance(30 * minute)
      await engine.applyPolicy({ idleTimeout: '10m' })
      await assert.rejects(engine.guard(tightened.session.id), { code: 'session_gone' })
      await assert.rejects(engine.guard('nothing'), { code: 'session_gone' })
    })

    test('A-37 an id that somebody guessed or saw is no way to another’s session', async () => {
      const { login, engine, state } = anEngine({ store: open() })
      const [mine, theirs] = [await login('u-1'), await login('u-2')]
      const { id } = theirs.session
      assert.deepEqual(await engine.end({ id, subject: 'u-1' }, 'user_revoked', 'u-1'), [])
      assert.deepEqual(await engine.end({ id: 'nothing', subject: 'u-1' }, 'user_revoked', 'u-1'), [])
      assert.deepEqual((await engine.list({ id, subject: 'u-1' })).items, [])
      assert.equal(await state({ token: mine.token }), 'active')
      assert.equal(await state(theirs), 'active')
      const presented = `${id}.${mine.token.secret()}`
      assert.deepEqual(await engine.verify(presented, here), { state: 'none', cause: 'unknown' })
    })

    test('A-38 nobody changes a session through what the later verbs return, or were given', async () => {
      const { login, engine } = anEngine({ store: open() })
      const amr = ['otp']
      const roles = ['member']
      const admin = await login('ada')
      const step = await login('u-1', { pending: true, amr: ['pwd'] })
      const done = await engine.activate(step.session.id, { amr })
      const up = await engine.elevate(admin.session.id, { amr, assurance: 2 })
      const acting = await engine.impersonate(admin.session.id, {
        subject: 'u-2',
        roles,
        mayActAs: () => true,
      })
      assert.ok(done !== undefined && up !== undefined && acting.state === 'started')
      amr.push('hwk')
      roles.push('administrator')
      for (const session of [done.session, up.session, acting.started.session]) {
        for (const part of [session, session.amr, session.factors, session.roles, ...session.factors])
          assert.ok(Object.isFrozen(part))
        const stored = await engine.get(session.id)
        assert.deepEqual(stored?.amr, session.amr)
        assert.ok(!stored?.amr.includes('hwk') && !stored?.roles.includes('administrator'))
      }
    })

    test('A-27 the clock jumps back an hour: no session ends for it, none comes back, none outlives its moment', async () => {
      const { login, engine, clock, state, ended } = anEngine({
        store: open(),
        policy: { idleTimeout: '2h', absoluteTimeout: '3h', touchEvery: 0, regenerateEvery: '30m' },
      })
      const gone = await login()
      const one = await login('u-1', { remember: true })
      clock.advance(90 * minute)
      const found = await engine.verify(one.token.reveal(), here)
      assert.ok(found.state === 'active')
      const token = found.token ?? one.token
      await engine.verify(token.reveal(), here)
      await engine.flush()
      await engine.end({ id: gone.session.id }, 'user_logout')
      clock.set(start + 30 * minute)
      assert.equal(await state({ token }), 'active')
      assert.equal(await state(gone), 'user_logout')
      assert.equal((await engine.get(one.session.id))?.lastSeenAt, start + 90 * minute, 'never goes back')
      await engine.sweep()
      const pending = await login('u-2', { pending: true })
      assert.equal(await state(pending), 'pending')
      while (clock.now() < start + 3 * hour) {
        clock.advance(30 * minute)
        assert.equal(await state({ token }), 'active')
      }
      clock.advance(1)
      assert.equal(await state({ token }), 'absolute_timeout', 'an hour longer by the wall, and no more')
      assert.deepEqual(
        ended().filter(([id]) => id !== pending.session.id),
        [
          [gone.session.id, 'user_logout'],
          [one.session.id, 'absolute_timeout'],
        ],
      )
    })

    test('A-27 nodes 90 s apart restore, elevate and sweep one store, and each session ends once', async () => {
      const store = open()
      const at = (skew: number) => {
        const node = anEngine({ store, policy: 'stay-logged-in' })
        node.clock.advance(90 * second + skew)
        return node
      }
      const [behind, middle, ahead] = [at(-90 * second), at(0), at(90 * second)]
      const nodes = [behind, middle, ahead]
      const one = await middle.login('u-1', { remember: true })
      const up = await ahead.engine.elevate(one.session.id, { amr: ['otp'], assurance: 2 })
      assert.ok(up !== undefined)
      for (const node of nodes) assert.equal(await node.state(up), 'active')
      for (const node of nodes) node.clock.advance(2 * hour + 3 * minute)
      for (const node of nodes) await node.engine.sweep()
      const restored = await behind.engine.restore(one.refresh?.reveal() ?? '', here)
      assert.ok(restored.state === 'restored')
      for (const node of nodes) assert.equal(await node.state(restored.started), 'active')
      await ahead.engine.end({ subject: 'u-1' }, 'admin_revoked')
      for (const node of nodes) {
        node.clock.advance(40 * 24 * hour)
        await node.engine.sweep()
      }
      const told = nodes.flatMap((node) => node.ended().map(([id]) => id))
      assert.equal(told.length, new Set(told).size)
      assert.equal(told.length, 2)
    })
  })

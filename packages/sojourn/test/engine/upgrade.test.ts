import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hour, minute, start } from '../../src/testing/fixtures.ts'
import { anEngine, stores } from './an-engine.ts'
import { around, distant } from './around.ts'
import { memory } from '../../src/stores/memory.ts'

for (const [name, open] of stores)
  describe(`upgrade on ${name}`, () => {
    test('SLI-31 P-25 R-04 a guest logs in: a new id and token, the same data, the old session upgraded', async () => {
      const { guest, engine, state, ask, ended } = anEngine({ store: open() })
      const before = await guest({ data: { cart: ['a'], lang: 'en' } })
      const after = await engine.upgrade(before.session.id, { subject: 'u-1', data: { lang: 'de' } })
      assert.ok(after !== undefined)
      assert.notEqual(after.session.id, before.session.id)
      assert.notEqual(after.token.secret(), before.token.secret())
      const found = await ask(after.token)
      assert.ok(found.state === 'active')
      assert.equal(found.session.subject, 'u-1')
      assert.deepEqual({ ...found.data }, { cart: ['a'], lang: 'de' })
      assert.equal(await state(before), 'upgraded')
      assert.deepEqual(ended(), [[before.session.id, 'upgraded']])
    })

    test('A-01 a guest token that somebody planted opens nothing after the login', async () => {
      const { guest, engine, state } = anEngine({ store: open() })
      const planted = await guest()
      await engine.upgrade(planted.session.id, { subject: 'victim' })
      assert.equal(await state(planted), 'upgraded')
    })

    test('of ten parallel upgrades of one guest one wins', async () => {
      const { guest, engine, live, ended } = anEngine({ store: distant(open()) })
      const before = await guest({ data: { cart: ['a'] } })
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, () => engine.upgrade(before.session.id, { subject: 'u-1' })),
      )
      assert.equal(outcomes.filter((one) => one !== undefined).length, 1)
      assert.equal((await live()).length, 1)
      assert.deepEqual(ended(), [[before.session.id, 'upgraded']])
    })

    test('a cart that is filled during the login is not lost', async () => {
      const inner = open()
      let items = 2
      const store = around(inner, async (verb, run) => {
        if (verb === 'upgrade' && items > 0)
          await inner.write(guestId, { set: { [`item${items--}`]: 1 } }, { at: start })
        return run()
      })
      const { guest, engine, ask } = anEngine({ store })
      const before = await guest()
      const guestId = before.session.id
      const after = await engine.upgrade(guestId, { subject: 'u-1' })
      assert.ok(after !== undefined)
      const found = await ask(after.token)
      assert.ok(found.state === 'active')
      assert.deepEqual({ ...found.data }, { item1: 1, item2: 1 })
    })

    test('a guest that has ended, is over, is a subject already, or never was, is not upgraded', async () => {
      const { guest, login, engine, clock, live } = anEngine({
        store: open(),
        policy: { guestIdleTimeout: '30m' },
      })
      const [ended, over] = [await guest(), await guest()]
      await engine.end({ id: ended.session.id }, 'maintenance')
      clock.advance(30 * minute + minute + 1)
      const subject = await login('u-2')
      for (const id of [ended.session.id, over.session.id, subject.session.id, 'nobody'])
        assert.equal(await engine.upgrade(id, { subject: 'u-1' }), undefined)
      assert.equal((await live()).length, 0)
    })

    test('an upgrade is admitted as a login is', async () => {
      const policy = { limit: 1, roles: { barred: { limit: 0 } } } as const
      const { guest, login, engine, state, live } = anEngine({ store: open(), policy })
      const standing = await login()
      const barred = await guest()
      await assert.rejects(engine.upgrade(barred.session.id, { subject: 'u-1', roles: ['barred'] }), {
        code: 'login_disabled_by_limit',
      })
      assert.equal(await state(barred), 'active', 'the guest stays')
      const after = await engine.upgrade(barred.session.id, { subject: 'u-1' })
      assert.ok(after !== undefined)
      assert.equal(await state(standing), 'evicted_by_limit')
      assert.equal((await live()).length, 1)
      const refusing = anEngine({ store: open(), policy: { limit: 1, onExceed: 'deny' } })
      await refusing.login()
      const { session } = await refusing.guest()
      await assert.rejects(refusing.engine.upgrade(session.id, { subject: 'u-1' }), {
        code: 'login_refused_by_limit',
      })
    })
  })

test('the upgraded session has the idle timeout of a subject', async () => {
  const policy = { idleTimeout: '2h', guestIdleTimeout: '10m' } as const
  const { guest, engine, state, clock } = anEngine({ policy })
  const before = await guest()
  const after = await engine.upgrade(before.session.id, { subject: 'u-1' })
  assert.ok(after !== undefined)
  clock.advance(2 * hour)
  assert.equal(await state(after), 'active')
})

test('an upgrade that meets a taken id tells of it and goes on', async () => {
  let duplicates = 2
  const store = around(memory(), (verb, run) =>
    verb === 'upgrade' && duplicates-- > 0 ? { status: 'duplicate' } : run(),
  )
  const { guest, engine, events } = anEngine({ store })
  const { session } = await guest()
  assert.ok((await engine.upgrade(session.id, { subject: 'u-1' })) !== undefined)
  assert.equal(events.filter(({ type }) => type === 'id.duplicated').length, 2)
})

test('a guest whose data is written without a pause is not upgraded for ever', async () => {
  const store = around(memory(), (verb, run) => (verb === 'upgrade' ? { status: 'conflict' } : run()))
  const { guest, engine } = anEngine({ store })
  const { session } = await guest()
  await assert.rejects(engine.upgrade(session.id, { subject: 'u-1' }), {
    code: 'revision_conflict',
    status: 409,
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Data, Json } from '../../src/core/session.ts'
import { hour, minute } from '../../src/testing/fixtures.ts'
import { anEngine, stores } from './an-engine.ts'
import { distant } from './around.ts'

for (const [name, open] of stores)
  describe(`data on ${name}`, () => {
    test('P-01 fifty writers of different keys at once: none loses', async () => {
      const { login, engine } = anEngine({ store: distant(open()) })
      const { session } = await login()
      await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          engine.data.write(session.id, { set: { [`k${i}`]: i }, add: { count: 1 } }),
        ),
      )
      const data = await engine.data.read(session.id)
      assert.equal(Object.keys(data ?? {}).length, 51)
      assert.equal(data?.['count'], 50)
    })

    test('a strict update of one key by twelve at once: none loses', async () => {
      const { login, engine } = anEngine({ store: distant(open()) })
      const { session } = await login('u-1', { data: { list: [] } })
      await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          engine.data.update(session.id, (data) => ({ set: { list: [...(data['list'] as number[]), i] } })),
        ),
      )
      const list = (await engine.data.read(session.id))?.['list'] as readonly number[]
      assert.deepEqual(
        list.toSorted((a, b) => a - b),
        Array.from({ length: 12 }, (_, i) => i),
      )
    })

    test('an update that wants nothing written writes nothing', async () => {
      const { login, engine } = anEngine({ store: open() })
      const { session } = await login('u-1', { data: { a: 1 } })
      assert.deepEqual({ ...(await engine.data.update(session.id, () => undefined)) }, { a: 1 })
      assert.equal((await engine.get(session.id))?.revision, 0)
    })

    test('A-29 P-02 a write to a session that has ended, or is over, or never was, is refused', async () => {
      const { login, engine, clock } = anEngine({ store: open(), policy: { idleTimeout: '1h' } })
      const [ended, over] = [await login(), await login()]
      await engine.end({ id: ended.session.id }, 'user_logout')
      clock.advance(hour + minute + 1)
      for (const id of [ended.session.id, over.session.id, 'nobody']) {
        await assert.rejects(engine.data.write(id, { set: { a: 1 } }), { code: 'session_gone', status: 401 })
        await assert.rejects(
          engine.data.update(id, () => ({ set: { a: 1 } })),
          { code: 'session_gone' },
        )
      }
      assert.equal(await engine.get('nobody'), undefined)
    })

    test('A-32 keys of the library’s own are refused to callers, wherever they write', async () => {
      const { login, engine, guest } = anEngine({ store: open() })
      const { session } = await login('u-1', { data: { cart: ['a'] } })
      const visitor = await guest()
      const pending = await engine.start({ subject: 'u-2', pending: true })
      for (const key of ['sojourn:login', 'sojourn:', 'sojourn:activities']) {
        const refusal = { code: 'invalid_data', message: new RegExp(`^data.${key}: `) }
        for (const patch of [{ set: { [key]: 1 } }, { delete: [key] }, { add: { [key]: 1 } }])
          await assert.rejects(engine.data.write(session.id, patch), refusal)
        await assert.rejects(
          engine.data.update(session.id, () => ({ set: { [key]: 1 } })),
          refusal,
        )
        const append = { [key]: { items: [{ kind: 'page_view' }], most: 3 } }
        await assert.rejects(engine.data.write(session.id, { append }), { code: 'invalid_data' })
        const data = { [key]: { choose: true } }
        await assert.rejects(engine.start({ data }), { code: 'invalid_data' })
        await assert.rejects(engine.upgrade(visitor.session.id, { subject: 'u-1', data }), {
          code: 'invalid_data',
        })
        await assert.rejects(engine.activate(pending.session.id, { data }), { code: 'invalid_data' })
      }
      await engine.data.write(session.id, { set: { sojourn: 1, 'my:sojourn:login': 2 } })
      await engine.activities.add(session.id, { kind: 'page_view', name: '/' })
      assert.equal((await engine.activities.list(session.id)).length, 1)
      assert.equal((await engine.get(session.id))?.revision, 2)
    })

    test('P-01 what is appended counts like what is set: in bytes, in depth, in items', async () => {
      const { login, engine } = anEngine({ store: open() })
      const { session } = await login('u-1', { data: { list: Array.from({ length: 990 }, () => 0) } })
      const append = (items: readonly unknown[], most = 10_000) =>
        engine.data.write(session.id, { append: { list: { items: items as readonly Json[], most } } })
      const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])
      await append([nested(31)], 2_000)
      await assert.rejects(append([nested(32)]), { code: 'invalid_data', message: /at most 32 levels/ })
      await append(Array.from({ length: 9 }, () => 0))
      await assert.rejects(append([0]), {
        code: 'invalid_data',
        message: /at most 1000 items, got one of 1001/,
      })
      await append([0], 1_000)
      await assert.rejects(append(['x'.repeat(65_600)], 2), { code: 'data_too_large' })
      for (const most of [-1, 1.5, NaN])
        await assert.rejects(append([0], most), { code: 'invalid_data', message: /a whole number of items/ })
      for (const items of ['text', { length: 1 }, null] as unknown[])
        await assert.rejects(append(items as unknown[]), { code: 'invalid_data', message: /a list of items/ })
      await append(['kept', 'last'], 1)
      assert.deepEqual((await engine.data.read(session.id))?.['list'], ['last'])
      await append(['gone'], 0)
      assert.deepEqual((await engine.data.read(session.id))?.['list'], [])
    })

    test('R-15 a write is no activity and moves no deadline', async () => {
      const { login, engine, clock } = anEngine({ store: open(), policy: 'aurora' })
      const { session } = await login()
      clock.advance(30 * minute)
      await engine.data.write(session.id, { set: { a: 1 } })
      const after = await engine.get(session.id)
      assert.equal(after?.lastSeenAt, session.createdAt)
      assert.equal(after.expiresAt, session.expiresAt)
      assert.equal(after.revision, 1)
    })

    test('A-38 nobody changes a session through what the engine returned, or was given', async () => {
      const { login, ask, live } = anEngine({ store: open() })
      const cart = ['a']
      const roles = ['member']
      const started = await login('u-1', { roles, data: { cart } })
      cart.push('b')
      roles.push('administrator')
      const found = await ask(started.token)
      assert.ok(found.state === 'active')
      const [listed] = await live()
      for (const session of [started.session, found.session, listed]) {
        assert.ok(Object.isFrozen(session) && Object.isFrozen(session?.roles))
        assert.throws(() => Object.assign(session ?? {}, { subject: 'u-2' }), TypeError)
      }
      for (const data of [started.data, found.data])
        assert.throws(() => (data['cart'] as Json[]).push('c'), TypeError)
      const after = await ask(started.token)
      assert.ok(after.state === 'active')
      assert.deepEqual([after.session.roles, { ...after.data }], [['member'], { cart: ['a'] }])
    })

    test('A-18 keys of data are keys, and reach no prototype', async () => {
      const { login, engine, ask } = anEngine({ store: open() })
      const { session, token } = await login('u-1', { data: { toString: 'text' } })
      const found = await ask(token)
      assert.ok(found.state === 'active')
      assert.equal(found.data['toString'], 'text')
      assert.equal(found.data['hasOwnProperty'], undefined)
      const polluting = JSON.parse('{"__proto__":{"polluted":true}}') as Data
      for (const patch of [
        { set: polluting },
        { set: { a: polluting } },
        { add: JSON.parse('{"__proto__":1}') as {} },
      ])
        await assert.rejects(engine.data.write(session.id, patch), { code: 'invalid_data' })
      await assert.rejects(login('u-1', { data: polluting }), { code: 'invalid_data' })
      assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
    })

    test('A-21 what is too large is refused: at the start, at a write, and write by write', async () => {
      const { login, engine, live } = anEngine({ store: open() })
      const half = 'x'.repeat(33_000)
      await assert.rejects(login('u-1', { data: { a: half, b: half } }), {
        code: 'data_too_large',
        status: 413,
      })
      assert.equal((await live()).length, 0)
      const { session } = await login('u-1', { data: { a: half } })
      await assert.rejects(engine.data.write(session.id, { set: { b: half } }), { code: 'data_too_large' })
      await assert.rejects(
        engine.data.update(session.id, () => ({ set: { b: half } })),
        { code: 'data_too_large' },
      )
      await engine.data.write(session.id, { set: { b: half }, delete: ['a'] })
      assert.deepEqual(Object.keys((await engine.data.read(session.id)) ?? {}), ['b'])
    })

    test('an add meets numbers alone, and writes nothing else', async () => {
      const { login, engine } = anEngine({ store: open() })
      const { session } = await login('u-1', { data: { name: 'Ada', visits: 1 } })
      await assert.rejects(engine.data.write(session.id, { set: { a: 1 }, add: { visits: 1, name: 1 } }), {
        code: 'not_a_number',
        message: 'data.name: expected a number to add to; nothing was written',
      })
      for (const amount of [Number.NaN, Number.POSITIVE_INFINITY, '1', null, {}])
        await assert.rejects(engine.data.write(session.id, { add: { visits: amount as number } }), {
          code: 'invalid_data',
          message: /^data\.visits: expected a finite number to add, got /,
        })
      assert.deepEqual({ ...(await engine.data.read(session.id)) }, { name: 'Ada', visits: 1 })
    })
  })

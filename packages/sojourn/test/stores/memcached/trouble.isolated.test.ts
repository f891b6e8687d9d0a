import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import type { Store } from '../../../src/core/store.ts'
import { memcached, type MemcachedClient } from '../../../src/stores/memcached.ts'
import { FakeClock } from '../../../src/testing/clock.ts'
import { newSession, start } from '../../../src/testing/fixtures.ts'
import { createAll, endOf, standing } from '../../../src/testing/store-contract/law.ts'
import { openServer } from './server.ts'

const end = { at: start, reason: 'user_logout' } as const
const verbs: { readonly [verb: string]: (store: Store) => unknown } = {
  create: (store) => store.create(newSession()),
  find: (store) => store.find('s'),
  touch: (store) => store.touch([{ id: 's', at: start, lag: 0 }]),
  upgrade: (store) => store.upgrade('s', newSession(), { ifRevision: 0 }),
  regenerate: (store) => store.regenerate('s', 'a', 'b', start),
  write: (store) => store.write('s', { set: { a: 1 } }, { at: start }),
  restore: (store) => store.restore?.('s', 'a', newSession(), { at: start, grace: 0 }),
  end: (store) => store.end({ realm: 'main' }, end),
  voidBefore: (store) => store.voidBefore({ realm: 'main' }, end),
  list: (store) => store.list({ realm: 'main', at: start, state: 'any', limit: 10 }),
  sweep: (store) => store.sweep(start, { limit: 10, purgeBefore: start }),
  lease: (store) => store.lease('j', 'h', start, start + 1),
}

describe('memcached in trouble', { skip: missing('memcached') }, () => {
  const server = openServer(before, after)
  let made = 0
  const open = (options: object = {}): Store =>
    memcached(server.client(), { prefix: `${++made}:`, ...options })

  test('P-09 killed, every verb says store_unavailable; started again it answers without a new client', async () => {
    const store = open()
    await createAll(store, [newSession({ id: 's' })])
    await server.server().kill()
    for (const [verb, call] of Object.entries(verbs))
      await assert.rejects(async () => call(store), { name: 'SessionError', code: 'store_unavailable' }, verb)
    await server.server().restart()
    assert.equal(await store.find('s'), undefined)
    assert.equal((await store.create(newSession({ id: 's' }))).status, 'created')
  })

  test('P-09 a server that stands still is waited for as long as `patience` says, and no millisecond more', async () => {
    const clock = new FakeClock()
    const store = open({ patience: 700, timer: clock })
    await createAll(store, [newSession({ id: 's' })])
    server.server().pause()
    try {
      let said: unknown
      const answer = assert.rejects(async () => store.find('s'), {
        code: 'store_unavailable',
        message: 'Memcached cannot answer: no answer within 700 ms',
      })
      void answer.finally(() => (said = true))
      clock.advance(699)
      await new Promise((resolve) => setImmediate(resolve))
      assert.equal(said, undefined)
      clock.advance(1)
      await answer
    } finally {
      server.server().resume()
    }
    assert.equal((await standing(store, 's')).session.id, 's')
  })

  test('what one record cannot hold is refused as store_full, and what stands is left as it was', async () => {
    const store = open({ maxBytes: 10_000 })
    await createAll(store, [newSession({ id: 's', data: { a: 1 } })])
    const large = { set: { text: 'ü'.repeat(5_000) } }
    const refused = { code: 'store_full', message: /more than the 10000 bytes of one record/ }
    await assert.rejects(async () => store.write('s', large, { at: start }), refused)
    assert.deepEqual({ ...(await standing(store, 's')).data }, { a: 1 })
  })

  test('what ended longest ago makes room; those who live are all kept, and one more is refused', async () => {
    const store = open({ maxBytes: 10_000 })
    const limit = { most: 2, onExceed: 'evict' } as const
    for (let n = 0; n < 40; n++) {
      const at = start + n
      await createAll(store, [newSession({ id: `s-${n}`, createdAt: at })], { limit })
    }
    assert.equal(await store.find('s-0'), undefined)
    assert.deepEqual(await endOf(store, 's-37'), [start + 39, 'evicted_by_limit'])
    for (const id of ['s-38', 's-39']) assert.deepEqual(await endOf(store, id), [null, null])
    const fill = async (): Promise<void> => {
      for (let n = 0; n < 40; n++) await store.create(newSession({ id: `more-${n}` }))
    }
    await assert.rejects(fill, { code: 'store_full' })
    for (const id of ['s-38', 's-39', 'more-0']) assert.deepEqual(await endOf(store, id), [null, null])
  })

  test('what the server takes no more of is refused as store_full, and what stands is left as it was', async () => {
    const store = open({ maxBytes: 5_000_000 })
    await createAll(store, [newSession({ id: 's', data: { a: 1 } })])
    const large = { set: { text: 'x'.repeat(2_000_000) } }
    const refused = { code: 'store_full', message: /raise its -I, or lower maxBytes/ }
    await assert.rejects(async () => store.write('s', large, { at: start }), refused)
    assert.deepEqual({ ...(await standing(store, 's')).data }, { a: 1 })
  })

  test('no key is longer than 250 bytes, none has a blank, and no record ends by a time of its own', async () => {
    const sent: { readonly key: string; readonly lifetime?: number }[] = []
    const client = server.client()
    const noting: MemcachedClient = {
      gets: (keys) => {
        for (const key of keys) sent.push({ key })
        return client.gets(keys)
      },
      add: (key, value, options) => {
        sent.push({ key, ...options })
        return client.add(key, value, options)
      },
      cas: (key, value, options) => {
        sent.push({ key, ...options })
        return client.cas(key, value, options)
      },
    }
    const store = memcached(noting, { prefix: `${++made}:`.padEnd(100, 'p') })
    const name = `a name\r\nset x 0 0 1\r\n${'ü'.repeat(1_000)}`
    const fields = { id: name, subject: name, family: name, rememberedUntil: start + 1 }
    await createAll(store, [newSession(fields), newSession({ subject: null, parent: name })])
    await store.lease(name, name, start, start + 1)
    await store.end({ realm: 'main', subject: name }, end)
    await store.sweep(start + 10, { limit: 10, purgeBefore: start + 10 })
    for (const { key, lifetime = 0 } of sent) {
      assert.match(key, /^[\x21-\x7e]{1,250}$/)
      assert.ok([0, -1].includes(lifetime), `a lifetime of ${lifetime}`)
    }
    assert.ok(sent.some(({ lifetime }) => lifetime === -1))
  })

  test('a client that throws at once, or gives no token, or an answer of its own, is a store that cannot answer', async () => {
    const secret = 'hash-of-s'
    const store = memcached({
      gets: () => {
        throw new Error(`lost\r\nwhile it sent ${secret}`)
      },
      add: async () => true,
      cas: async () => true,
    })
    const said = { code: 'store_unavailable', message: 'Memcached cannot answer: lost' }
    await assert.rejects(async () => store.find('s'), said)
    const without = memcached({
      gets: async ([key = '']) => ({ [key]: { value: '{}' } }),
      add: async () => true,
      cas: async () => true,
    })
    await assert.rejects(async () => without.find('s'), { code: 'store_unavailable', message: /no token/ })
  })

  test('options are refused where they are given', () => {
    const client = server.client()
    const refused = (message: RegExp) => ({ code: 'invalid_option', message })
    assert.throws(() => memcached({} as MemcachedClient), refused(/^client: expected a client of Memcached/))
    assert.throws(() => memcached(client, { prefix: 'a b' }), refused(/^prefix: expected at most 100/))
    assert.throws(() => memcached(client, { prefix: 'p'.repeat(101) }), refused(/^prefix: /))
    assert.throws(() => memcached(client, { maxBytes: 9_999 }), refused(/^maxBytes: .* got 9999$/))
    assert.throws(() => memcached(client, { patience: 0 }), refused(/^patience: .* got 0$/))
  })
})

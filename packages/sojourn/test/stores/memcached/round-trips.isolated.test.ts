import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import type { Store } from '../../../src/core/store.ts'
import { memcached, type MemcachedClient } from '../../../src/stores/memcached.ts'
import { hour, minute, newSession, newSessions, start } from '../../../src/testing/fixtures.ts'
import { createAll } from '../../../src/testing/store-contract/law.ts'
import { openServer } from './server.ts'

const end = { at: start, reason: 'user_logout' } as const
const remembered = { family: 'f', rememberedUntil: start + hour }

/** How many commands follow each other; each is one round trip. */
const verbs: { readonly [verb: string]: readonly [count: number, call: (store: Store) => unknown] } = {
  'find, where the node knows the session': [1, (store) => store.find('a')],
  'find, where it does not': [2, (store) => store.find('elsewhere')],
  'touch of one': [3, (store) => store.touch([{ id: 'a', at: start + 1, lag: 0 }])],
  write: [3, (store) => store.write('u', { set: { a: 1 }, add: { b: 1 } }, { at: start })],
  regenerate: [3, (store) => store.regenerate('u', 'hash-of-u', 'b', start)],
  'the login of a subject that has sessions': [
    7,
    (store) => store.create(newSession(), { limit: { most: 1, onExceed: 'evict' } }),
  ],
  'the first login of a subject': [9, (store) => store.create(newSession({ subject: 'u-new' }))],
  'a guest who logs in': [
    14,
    (store) => store.upgrade('guest', newSession({ subject: 'u-2' }), { ifRevision: 0 }),
  ],
  restore: [
    13,
    (store) =>
      store.restore?.('r', 'refresh-of-r', newSession({ ...remembered, subject: 'u-3' }), {
        at: start,
        grace: 0,
      }),
  ],
  'end of a session': [4, (store) => store.end({ realm: 'main', id: 'u' }, end)],
  'end of a subject': [3, (store) => store.end({ realm: 'main', subject: 'u-1' }, end)],
  'watermark of a realm': [2, (store) => store.voidBefore({ realm: 'main' }, end)],
  'watermark of a subject': [2, (store) => store.voidBefore({ realm: 'main', subject: 'u-2' }, end)],
  'list of a subject': [
    1,
    (store) => store.list({ realm: 'main', subject: 'u-1', at: start, state: 'any', limit: 100 }),
  ],
  lease: [2, (store) => store.lease('j', 'h', start, start + 1)],
}

describe('memcached over the wire', { skip: missing('memcached') }, () => {
  const server = openServer(before, after)

  /** A client that notes the commands that go through it. */
  function counting(): { readonly client: MemcachedClient; readonly sent: string[][] } {
    const [client, sent] = [server.client(), [] as string[][]]
    return {
      sent,
      client: {
        gets: (keys) => {
          sent.push(['gets', ...keys])
          return client.gets(keys)
        },
        add: (key, value, options) => {
          sent.push(['add', key])
          return client.add(key, value, options)
        },
        cas: (key, value, options) => {
          sent.push(['cas', key])
          return client.cas(key, value, options)
        },
      },
    }
  }

  test('P-18 each verb takes the round trips that are written down', async () => {
    const { client, sent } = counting()
    const [store, elsewhere] = [memcached(client), memcached(server.client())]
    // Enough that every list of books is begun.
    await createAll(
      elsewhere,
      newSessions(800, (n) => ({ subject: `other-${n}` })),
    )
    const twice = { subject: 'u-2' }
    await createAll(store, [
      newSession({ id: 'a' }),
      newSession({ id: 'b' }),
      newSession({ id: 'u', ...twice }),
      newSession(twice),
      newSession({ id: 'guest', subject: null }),
      newSession({ id: 'r', subject: 'u-3', ...remembered }),
    ])
    await createAll(elsewhere, [newSession({ id: 'elsewhere', subject: 'u-4' })])
    const counts: { [verb: string]: number } = {}
    for (const [verb, [, call]] of Object.entries(verbs)) {
      sent.length = 0
      await call(store)
      counts[verb] = sent.length
    }
    const expected = Object.fromEntries(Object.entries(verbs).map(([verb, [count]]) => [verb, count]))
    assert.deepEqual(counts, expected)
  })

  test('P-18 a list and a sweep of all read the lists and 32 books at a time', async () => {
    const { client, sent } = counting()
    const store = memcached(client, { prefix: 'many:' })
    await createAll(
      store,
      newSessions(100, (n) => ({ subject: `u-${n}` })),
    )
    sent.length = 0
    await store.list({ realm: 'main', at: start, state: 'live', limit: 10 })
    assert.ok(sent.length <= 2 + Math.ceil(100 / 32), `${sent.length} for a list`)
    sent.length = 0
    await store.sweep(start + minute, { limit: 100, purgeBefore: start })
    assert.ok(sent.length <= 3 + Math.ceil(100 / 32), `${sent.length} for a sweep that finds nothing`)
  })

  test('P-18 two hundred touches of 50 subjects take a look, and two commands a subject', async () => {
    const { client, sent } = counting()
    const store = memcached(client, { prefix: 'touches:' })
    await createAll(
      store,
      newSessions(200, (n) => ({ id: `t-${n}`, subject: `u-${n % 50}` })),
    )
    sent.length = 0
    await store.touch(Array.from({ length: 200 }, (_, n) => ({ id: `t-${n}`, at: start + 1, lag: 0 })))
    assert.ok(sent.length <= 2 + 2 * 50, `${sent.length}`)
  })
})

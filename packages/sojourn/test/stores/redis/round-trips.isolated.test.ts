import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import { startRedis } from '../../../../../test/services/redis.ts'
import type { Store } from '../../../src/core/store.ts'
import type { NodeRedisClient, RedisClient } from '../../../src/stores/redis-client.ts'
import { redis } from '../../../src/stores/redis.ts'
import { hour, minute, newSession, newSessions, start } from '../../../src/testing/fixtures.ts'
import { createAll, listIds } from '../../../src/testing/store-contract/law.ts'
import { ask, type Connected, nodeRedis } from './clients.ts'

/** A client that notes the commands that go through it. */
function counting(connected: Connected<NodeRedisClient>): {
  readonly client: RedisClient
  readonly sent: string[]
} {
  const sent: string[] = []
  const client = new Proxy(connected.client, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target)
      if (typeof value !== 'function') return value
      return (...args: unknown[]): unknown => {
        if (key === 'sendCommand') sent.push(String((args[0] as readonly unknown[])[0]))
        return Reflect.apply(value, target, args) as unknown
      }
    },
  })
  return { client, sent }
}

const end = { at: start, reason: 'user_logout' } as const
const remembered = { family: 'f', rememberedUntil: start + hour }

const verbs: { readonly [verb: string]: (store: Store) => unknown } = {
  create: (store) => store.create(newSession(), { limit: { most: 1, onExceed: 'evict' } }),
  find: (store) => store.find('a'),
  touch: (store) => store.touch(newSessions(50).map(({ session: { id } }) => ({ id, at: start, lag: 0 }))),
  upgrade: (store) => store.upgrade('guest', newSession({ subject: 'u-2' }), { ifRevision: 0 }),
  regenerate: (store) => store.regenerate('a', 'hash-of-a', 'b', start),
  write: (store) => store.write('a', { set: { a: 1 }, add: { b: 1 } }, { at: start }),
  restore: (store) =>
    store.restore?.('r', 'refresh-of-r', newSession({ ...remembered, subject: 'u-3' }), {
      at: start,
      grace: 0,
    }),
  end: (store) => store.end({ realm: 'main', subject: 'u-1' }, end),
  voidBefore: (store) => store.voidBefore({ realm: 'main' }, end),
  list: (store) => store.list({ realm: 'main', at: start, state: 'any', limit: 100 }),
  sweep: (store) => store.sweep(start + minute, { limit: 100, purgeBefore: start }),
  lease: (store) => store.lease('j', 'h', start, start + 1),
  changes: (store) => store.changes?.(null, 10),
}

describe('redis over the wire', { skip: missing('redis') }, () => {
  let server: Awaited<ReturnType<typeof startRedis>>
  let connected: Connected<NodeRedisClient>
  before(async () => {
    server = await startRedis()
    connected = await nodeRedis(server.url)
  })
  after(async () => {
    await connected.close()
    await server.stop()
  })

  test('P-18 each verb is one round trip', async () => {
    const { client, sent } = counting(connected)
    const store = redis(client, { tag: 'trips' })
    const run = async (): Promise<void> => {
      await createAll(store, [
        newSession({ id: 'a' }),
        newSession({ id: 'guest', subject: null }),
        newSession({ id: 'r', subject: 'u-3', ...remembered }),
      ])
      for (const [verb, call] of Object.entries(verbs)) {
        sent.length = 0
        await call(store)
        assert.deepEqual(sent, ['EVALSHA'], verb)
      }
    }
    await Promise.all(Object.values(verbs).map((call) => call(redis(client, { tag: 'warm' }))))
    await run()
  })

  test('scripts that a server lost come back, in the middle of a run too', async () => {
    const { client, sent } = counting(connected)
    const store = redis(client, { tag: 'lost' })
    await createAll(store, [newSession({ id: 'a' })])
    let flushes = 0
    const flushing = (async () => {
      for (; flushes < 20; flushes++) await ask(connected, 'SCRIPT', 'FLUSH')
    })()
    const writes = Array.from({ length: 200 }, async () => {
      const result = await store.write('a', { add: { n: 1 } }, { at: start })
      assert.equal(result.status, 'written')
    })
    await Promise.all([flushing, ...writes])
    assert.equal((await store.find('a'))?.data['n'], 200, 'none was lost or done twice')
    assert.ok(sent.includes('EVAL'))
  })

  test('a list of what is rare among many takes bounded steps, and misses none', async () => {
    const { client, sent } = counting(connected)
    const store = redis(client, { tag: 'rare' })
    const rare = (index: number): boolean => index === 7 || index === 1_500 || index === 2_499
    const entries = newSessions(2_500, (index) => ({
      createdAt: start + (index % 50),
      ip: rare(index) ? '192.0.2.1' : null,
    }))
    for (let at = 0; at < entries.length; at += 100)
      await Promise.all(entries.slice(at, at + 100).map(async (entry) => await store.create(entry)))
    await listIds(store)
    sent.length = 0
    const found = await listIds(store, { ip: '192.0.2.1', limit: 2, state: 'any' })
    const ids = entries.flatMap(({ session }, index) => (rare(index) ? [session.id] : []))
    assert.deepEqual(found.toSorted(), ids.toSorted())
    assert.ok(sent.length >= 3 && sent.length <= 5, `${sent.length} steps`)
  })

  test('a touch writes what it changes, and no index', async () => {
    const store = redis(connected.client, { tag: 'touch' })
    await createAll(store, [newSession({ id: 'a', family: 'f', rememberedUntil: start + hour })])
    const before = await dump()
    await store.touch([{ id: 'a', at: start + 5, lag: 3 }])
    const after = await dump()
    const changed = Object.keys(after).filter((key) => after[key] !== before[key])
    assert.deepEqual(changed, ['{touch}:session:a seen'])
    assert.equal(after['{touch}:session:a seen'], `${start + 5} 3`)

    async function dump(): Promise<{ readonly [key: string]: string }> {
      const all: { [key: string]: string } = {}
      for (const key of (await ask(connected, 'KEYS', '{touch}*')) as string[]) {
        if ((await ask(connected, 'TYPE', key)) === 'hash') {
          const fields = (await ask(connected, 'HKEYS', key)) as string[]
          for (const field of fields)
            all[`${key} ${field}`] = String(await ask(connected, 'HGET', key, field))
        } else all[key] = JSON.stringify(await ask(connected, 'DUMP', key))
      }
      return all
    }
  })
})

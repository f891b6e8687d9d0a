import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { inspect } from 'node:util'
import { Cluster, Redis } from 'ioredis'
import { missing } from '../../../../../test/services/programs.ts'
import { startRedis } from '../../../../../test/services/redis.ts'
import { SessionError } from '../../../src/core/errors.ts'
import type { NodeRedisClient } from '../../../src/stores/redis-client.ts'
import { redis } from '../../../src/stores/redis.ts'
import { hour, newSession, newSessions, start } from '../../../src/testing/fixtures.ts'
import { createAll, endOf, listIds, standing } from '../../../src/testing/store-contract/law.ts'
import { ask, type Connected, ioRedis, nodeRedis } from './clients.ts'
import { soon } from './soon.ts'

const openers = { 'node-redis': nodeRedis, ioredis: ioRedis } as const
const skip = missing('redis')

type Server = Awaited<ReturnType<typeof startRedis>>

/** What a verb fails with. */
async function failureOf(run: () => unknown): Promise<SessionError> {
  try {
    await run()
  } catch (error) {
    assert.ok(error instanceof SessionError, String(error))
    return error
  }
  return assert.fail('it did not fail')
}

describe('redis in trouble', { skip }, () => {
  let server: Server
  let connected: Connected<NodeRedisClient>
  before(async () => {
    server = await startRedis()
    connected = await nodeRedis(server.url)
  })
  after(async () => {
    await connected.close()
    await server.stop()
  })

  for (const [name, open] of Object.entries(openers)) {
    test(`AUR-17 over ${name} a server that is down is store_unavailable, soon, and it recovers by itself`, async () => {
      const own = await startRedis({ isDurable: true })
      const { client, close } = await open(own.url)
      try {
        const store = redis(client, { patience: 1_000 })
        await createAll(store, [newSession({ id: 'a' })])
        await own.kill()
        for (let round = 0; round < 3; round++) {
          const began = performance.now()
          const failure = await failureOf(() => store.find('a'))
          assert.equal(failure.code, 'store_unavailable')
          assert.ok(failure.cause instanceof Error)
          assert.ok(performance.now() - began < 2_000)
        }
        await own.restart()
        assert.equal((await soon(() => store.find('a')))?.session.id, 'a')
      } finally {
        await close()
        await own.stop()
      }
    })
  }

  test('a server that stands still is store_unavailable after the patience', async () => {
    const own = await startRedis()
    const { client, close } = await nodeRedis(own.url)
    try {
      const store = redis(client, { patience: 200 })
      await store.find('a')
      own.pause()
      const failure = await failureOf(() => store.find('a'))
      assert.match(failure.message, /no answer within 200 ms/)
      own.resume()
      assert.equal(await soon(() => store.find('a')), undefined)
    } finally {
      await close()
      await own.stop()
    }
  })

  test('a server that evicts keys is refused, with what to do; one that evicts only what expires is not', async () => {
    const own = await startRedis()
    const other = await nodeRedis(own.url)
    try {
      for (const policy of ['allkeys-lru', 'allkeys-lfu', 'allkeys-random']) {
        await ask(other, 'CONFIG', 'SET', 'maxmemory-policy', policy)
        const failure = await failureOf(() => redis(other.client).find('a'))
        assert.equal(failure.code, 'store_unavailable')
        assert.match(failure.message, new RegExp(`${policy}.*Set maxmemory-policy noeviction`))
      }
      await ask(other, 'CONFIG', 'SET', 'maxmemory-policy', 'volatile-lru')
      await redis(other.client).find('a')
    } finally {
      await other.close()
      await own.stop()
    }
  })

  test('without memory nobody logs in, and everybody can log out', async () => {
    const own = await startRedis()
    const other = await nodeRedis(own.url)
    try {
      const store = redis(other.client)
      await createAll(
        store,
        newSessions(3, (index) => ({ id: `s${index}` })),
      )
      await ask(other, 'CONFIG', 'SET', 'maxmemory', '1mb')
      const failure = await failureOf(() => store.create(newSession({ id: 'new' })))
      assert.deepEqual([failure.code, /maxmemory/.test(failure.message)], ['store_unavailable', true])
      assert.equal(
        (await failureOf(() => store.write('s0', { set: { a: 1 } }, { at: start }))).code,
        'store_unavailable',
      )
      assert.equal((await store.find('s0'))?.session.revision, 0)
      await store.end({ realm: 'main', id: 's0' }, { at: start, reason: 'user_logout' })
      await store.voidBefore({ realm: 'main', subject: 'u-1' }, { at: start, reason: 'admin_revoked' })
      assert.equal((await standing(store, 's1')).watermark?.reason, 'admin_revoked')
      const { ended } = await store.sweep(start + hour, { limit: 10, purgeBefore: start })
      assert.equal(ended.length, 2)
      assert.equal(await store.find('new'), undefined)
    } finally {
      await other.close()
      await own.stop()
    }
  })

  test('a replica is refused: it may be behind', async () => {
    const own = await startRedis()
    const other = await nodeRedis(own.url)
    try {
      const store = redis(other.client)
      await createAll(store, [newSession({ id: 'a' })])
      await ask(other, 'REPLICAOF', '127.0.0.1', String(server.port))
      const failure = await failureOf(() => store.find('a'))
      assert.deepEqual([failure.code, /replica/.test(failure.message)], ['store_unavailable', true])
    } finally {
      await other.close()
      await own.stop()
    }
  })

  test('a master without the replicas that it should have is refused: it may be cut off', async () => {
    const own = await startRedis()
    const other = await nodeRedis(own.url)
    try {
      const store = redis(other.client)
      await createAll(store, [newSession({ id: 'a' })])
      await ask(other, 'CONFIG', 'SET', 'min-replicas-to-write', '1')
      const failure = await failureOf(() => store.find('a'))
      assert.deepEqual([failure.code, /fewer replicas/.test(failure.message)], ['store_unavailable', true])
    } finally {
      await other.close()
      await own.stop()
    }
  })

  for (const [name, open] of Object.entries(openers)) {
    test(`over ${name} a watch outlives no client, hears again after a restart, and is gone once it is stopped`, async () => {
      const own = await startRedis()
      const other = await nodeRedis(own.url)
      const { client, close } = await open(own.url)
      try {
        const store = redis(client)
        let heard = 0
        const stop = store.watch?.(() => heard++)
        await soon(() => assert.ok(heard > 0))
        await own.kill()
        await own.restart()
        await soon(() => assert.equal(other.client.isReady, true))
        const before = heard
        await soon(async () => {
          await createAll(store, [newSession()])
          await store.end({ realm: 'main' }, { at: start, reason: 'maintenance' })
          assert.ok(heard > before)
        })
        stop?.()
        await soon(async () => assert.equal(await clientsOf(other), 2))
        store.watch?.(() => heard++)
        await soon(async () => assert.equal(await clientsOf(other), 3))
        await close()
        await soon(async () => assert.equal(await clientsOf(other), 1))
      } finally {
        await close()
        await other.close()
        await own.stop()
      }
    })
  }

  test('A-26 no failure carries a secret, whatever the client puts on its errors', async () => {
    const own = await startRedis()
    const { client, close } = ioRedis(own.url)
    const other = await nodeRedis(own.url)
    try {
      const store = redis(client)
      await store.find('a')
      await ask(other, 'CONFIG', 'SET', 'maxmemory', '1')
      const entry = newSession({ secretHash: 'hush-1', data: { note: 'hush-2' } })
      const failure = await failureOf(() => store.create(entry))
      assert.doesNotMatch(inspect(failure, { depth: 10, showHidden: true }), /hush/)
    } finally {
      await close()
      await other.close()
      await own.stop()
    }
  })

  test('a later layout is refused', async () => {
    await ask(connected, 'SET', '{later}:layout', '2')
    const failure = await failureOf(() => redis(connected.client, { tag: 'later' }).find('a'))
    assert.match(failure.message, /layout 2, and this release knows 1/)
  })

  test('what is wrong is refused at construction, with its path', () => {
    const client = connected.client
    const wrong = [
      [() => redis({} as never), /^client: expected a client/],
      [() => redis(client, { tag: 'a}' }), /^tag: /],
      [() => redis(client, { tag: '' }), /^tag: /],
      [() => redis(client, { patience: 0 }), /^patience: /],
      [() => redis(client, { wait: { replicas: 0, millis: 10 } }), /^wait\.replicas: /],
      [() => redis(client, { wait: { replicas: 1, millis: 0 } }), /^wait\.millis: /],
      [
        () => redis(client, { wait: { replicas: 1, millis: 700 } }),
        /^wait\.millis: .*a third of the patience/,
      ],
    ] as const
    for (const [run, message] of wrong) assert.throws(run, { code: 'invalid_option', message })
  })

  test('a client of ioredis that would send a command twice is refused', () => {
    const single = new Redis({ lazyConnect: true })
    assert.throws(
      () => redis(single),
      /^SessionError: client\.options\.autoResendUnfulfilledCommands: expected false/,
    )
    const cluster = new Cluster([], { lazyConnect: true })
    assert.throws(() => redis(cluster), /^SessionError: client\.options\.retryDelayOnFailover: expected 0/)
  })

  test('stores of different tags share nothing', async () => {
    const [one, two] = [redis(connected.client, { tag: 'one' }), redis(connected.client, { tag: 'two' })]
    await createAll(one, [newSession({ id: 'a' })])
    assert.equal(await two.find('a'), undefined)
    await two.end({ realm: 'main' }, { at: start, reason: 'maintenance' })
    assert.deepEqual(await endOf(one, 'a'), [null, null])
  })

  const damages = [
    ['"a"', '{"secret-thing":'],
    ['"a"', ''],
    ['"a"', '{"__proto__":{"polluted":1}}'],
    ['"__proto__"', '{"polluted":1}'],
    ['row', 'x'],
    ['row', ''],
    ['row', '[]'],
    ['row', '{}'],
    ['scope', ''],
    ['scope', 'main'],
    ['seen', 'now'],
  ] as const
  for (const [index, [field, value]] of damages.entries()) {
    test(`A-18 a damaged record fails closed: ${field} = ${value}`, async () => {
      const store = redis(connected.client, { tag: `damage-${index}` })
      await createAll(store, [newSession({ id: 'sound' }), newSession({ id: 'hurt', data: { a: 1 } })])
      await ask(connected, 'HSET', `{damage-${index}}:session:hurt`, field, value)
      const refused = {
        code: 'invalid_data',
        message: /^The (row|record) of session hurt is damaged: (?!.*secret)/,
      }
      await assert.rejects(async () => store.find('hurt'), refused)
      await assert.rejects(async () => store.write('hurt', { set: { b: 2 } }, { at: start }), refused)
      await assert.rejects(async () => store.regenerate('hurt', 'hash-of-hurt', 'next', start), refused)
      assert.equal((await store.create(newSession({ id: 'hurt' }))).status, 'duplicate')
      await store.end({ realm: 'main', id: 'hurt' }, { at: start, reason: 'admin_revoked' })
      if (field.startsWith('"')) assert.deepEqual(await endOf(store, 'hurt'), [start, 'admin_revoked'])
      assert.deepEqual(await listIds(store), ['sound'], 'it keeps no other from being listed')
      const { ended } = await store.sweep(start + hour, { limit: 10, purgeBefore: start + 1 })
      assert.deepEqual(
        ended.map(({ id }) => id),
        ['sound'],
      )
      assert.equal(Reflect.get({}, 'polluted'), undefined)
    })
  }
})

async function clientsOf(connected: Connected<NodeRedisClient>): Promise<number> {
  return String(await ask(connected, 'CLIENT', 'LIST'))
    .trim()
    .split('\n').length
}

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import { RedisCluster } from '../../../../../test/services/redis-cluster.ts'
import { run } from '../../../../../test/services/run.ts'
import { commandOf, type ServerProcess } from '../../../../../test/services/server-process.ts'
import type { Store } from '../../../src/core/store.ts'
import type { RedisOptions } from '../../../src/stores/redis-options.ts'
import { redis } from '../../../src/stores/redis.ts'
import { newSession, start } from '../../../src/testing/fixtures.ts'
import { createAll, endOf } from '../../../src/testing/store-contract/law.ts'
import { type Connected, ioCluster, nodeCluster } from './clients.ts'
import { Load, noHalfState } from './load.ts'
import { soon } from './soon.ts'

const openers = { 'node-redis': nodeCluster, ioredis: ioCluster } as const
const end = { at: start, reason: 'admin_revoked' } as const

function ask({ port }: ServerProcess, ...command: readonly string[]): Promise<string> {
  return run(commandOf('redis', 'redis-cli'), ['-p', String(port), ...command])
}

async function replicaOf(cluster: RedisCluster, master: ServerProcess): Promise<ServerProcess> {
  const ports = await ask(master, 'INFO', 'replication')
  const port = Number(/slave0:.*port=(\d+)/.exec(ports)?.[1])
  return cluster.nodes.find((node) => node.port === port) ?? assert.fail(ports)
}

describe('a failover of a Redis Cluster', { skip: missing('redis') }, () => {
  let cluster: RedisCluster
  before(async () => {
    cluster = await RedisCluster.start()
  })
  after(() => cluster.stop())

  for (const [name, open] of Object.entries(openers)) {
    describe(`over ${name}`, () => {
      let connected: Connected
      const stores: Store[] = []
      const storeOf = (options: RedisOptions): Store => {
        const store = redis(connected.client, options)
        stores.push(store)
        return store
      }
      before(async () => {
        connected = await open(cluster.urls)
      })
      after(async () => {
        await Promise.all(stores.map(async (store) => await store.close?.()))
        await connected.close()
      })

      test('P-09 a master killed under load: with wait nothing acknowledged is lost, and nothing is half done', async () => {
        const tag = `${name}-load`
        const store = storeOf({ tag, wait: { replicas: 1, millis: 500 } })
        const load = new Load(store)
        await store.find('nobody')
        load.begin()
        await load.answered(200)
        const master = await cluster.masterOf(`{${tag}}`)
        await master.kill()
        await soon(() => store.find('nobody'))
        // There is no replica to wait for until the killed one is back.
        await master.restart()
        await cluster.untilWhole()
        await load.answered(50)
        await load.stop()
        assert.notEqual((await cluster.masterOf(`{${tag}}`)).port, master.port, 'its replica took over')
        assert.ok(load.failures > 0, 'it was killed while it was asked')
        const lost = await load.lost()
        // A write is not waited for, and says so.
        assert.deepEqual(
          lost.filter((what) => !what.startsWith('the write')),
          [],
        )
        await noHalfState(store)
      })

      test('P-09 what no replica had is lost with its master, and refused with wait; the feed has a gap', async () => {
        const tag = `${name}-loss`
        const store = storeOf({ tag })
        const careful = storeOf({ tag, wait: { replicas: 1, millis: 100 } })
        await createAll(careful, [newSession({ id: 'kept' }), newSession({ id: 'revoked' })])
        const { cursor } = (await store.changes?.(null, 1)) ?? assert.fail()
        const master = await cluster.masterOf(`{${tag}}`)
        const replica = await replicaOf(cluster, master)
        replica.pause()
        await ask(master, 'CLIENT', 'KILL', 'TYPE', 'replica')
        assert.equal((await store.create(newSession({ id: 'lost' }))).status, 'created')
        await store.end({ realm: 'main', id: 'revoked' }, end)
        for (const verb of verbs(careful)) {
          const refused = { code: 'store_unavailable', message: /^Only 0 of 1 replicas had the change/ }
          await assert.rejects(async () => verb(), refused)
        }
        await master.kill()
        replica.resume()
        // A client may lose its way more than once until it knows the new master.
        assert.notEqual(await soon(() => store.find('kept')), undefined)
        const lost = await soon(() => store.find('lost'))
        assert.equal(lost, undefined, 'without wait an answered login may be lost')
        assert.deepEqual(
          await soon(() => endOf(store, 'revoked')),
          [null, null],
          'and an answered logout undone',
        )
        const feed = await soon(() => store.changes?.(cursor, 1))
        assert.equal(feed?.gap, true, 'which the feed does not hide')
        await master.restart()
        await cluster.untilWhole()
      })
    })
  }
})

function verbs(store: Store): readonly (() => unknown)[] {
  return [
    () => store.create(newSession({ id: 'refused' })),
    () => store.end({ realm: 'main', id: 'kept' }, end),
    () => store.voidBefore({ realm: 'other' }, end),
  ]
}

import { createClient, createCluster } from 'redis'
import type { Store } from 'sojourn'
import { redis } from 'sojourn/stores/redis'
import { openedStore } from './opened-store.ts'
import type { RedisClusterPlace, RedisPlace } from './store-place.ts'

/** How long a connection may take to come up, in milliseconds. */
const connectTimeout = 5_000

/** Sessions in one Redis, or one with replicas. It is connected when it is told of. */
export async function openRedis(place: RedisPlace): Promise<Store> {
  let wasUp = false
  const client = createClient({
    url: place.url,
    // At the start nobody waits for a server that is not there; later it is looked for until it is.
    socket: { connectTimeout, reconnectStrategy: (tries, cause) => (wasUp ? pauseAfter(tries) : cause) },
  })
  // Who asks hears of it; without a listener it would end the process.
  client.on('error', () => {})
  await client.connect()
  wasUp = true
  try {
    refuseUnfit(await client.info())
  } catch (error) {
    client.destroy()
    throw error
  }
  return openedStore(redis(client, optionsOf(place)), () => client.isOpen && client.destroy())
}

/** What would answer now, and fail at the first login or after the first failover. */
function refuseUnfit(facts: string): void {
  if (facts.includes('cluster_enabled:1')) throw new Error('a node of a cluster')
  if (facts.includes('role:slave')) throw new Error('a replica: name its master')
}

/** Sessions in a Redis Cluster, on the master that the tag chooses. */
export async function openRedisCluster(place: RedisClusterPlace): Promise<Store> {
  const { urls, user, password, tls } = place
  const cluster = createCluster({
    rootNodes: urls.map((url) => ({ url })),
    defaults: {
      ...(user === undefined ? {} : { username: user }),
      ...(password === undefined ? {} : { password }),
      socket: { connectTimeout, reconnectStrategy: pauseAfter, ...(tls ? { tls } : {}) },
    },
    // Else it looks for a new master after five seconds, and waits for the old one once it has begun to look.
    topologyRefreshOnReconnectionAttemptStrategy: 200,
    minimizeConnections: true,
  })
  let last: unknown
  cluster.on('error', (error: unknown) => (last = error))
  try {
    await cluster.connect()
  } catch (error) {
    // That no node answers says less than what the last one said.
    throw last ?? error
  }
  return openedStore(redis(cluster, optionsOf(place)), () => cluster.isOpen && cluster.destroy())
}

function pauseAfter(tries: number): number {
  return Math.min(50 * 2 ** Math.min(tries, 5), 1_000)
}

function optionsOf({ tag, replicas }: RedisPlace | RedisClusterPlace): Parameters<typeof redis>[1] {
  return {
    ...(tag === undefined ? {} : { tag }),
    ...(replicas === undefined ? {} : { wait: { replicas, millis: 500 } }),
  }
}

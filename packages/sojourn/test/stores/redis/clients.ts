import { Cluster, Redis } from 'ioredis'
import { createClient, createCluster } from 'redis'
import type { NodeRedisClient, RedisClient } from '../../../src/stores/redis-client.ts'

/** A client that is connected, and how to close it. */
export interface Connected<Client = RedisClient> {
  readonly client: Client
  readonly close: () => unknown
}

const quiet = (): void => undefined

export async function nodeRedis(url: string): Promise<Connected<NodeRedisClient>> {
  const client = createClient({ url, socket: { reconnectStrategy: 50 } })
  client.on('error', quiet)
  await client.connect()
  return { client, close: () => client.isOpen && client.destroy() }
}

export async function nodeCluster(urls: readonly string[]): Promise<Connected> {
  const client = createCluster({
    rootNodes: urls.map((url) => ({ url })),
    defaults: { socket: { reconnectStrategy: 50 } },
    // Else it looks for the new master after five seconds, and waits for the old one once it has begun to look.
    topologyRefreshOnReconnectionAttemptStrategy: 200,
    minimizeConnections: true,
  })
  client.on('error', quiet)
  await client.connect()
  return { client, close: () => client.destroy() }
}

export function ioRedis(url: string): Connected {
  const client = new Redis(url, { retryStrategy: () => 50, autoResendUnfulfilledCommands: false })
  client.on('error', quiet)
  return { client, close: () => client.disconnect() }
}

export function ioCluster(urls: readonly string[]): Connected {
  const client = new Cluster([...urls], { retryDelayOnFailover: 0 })
  client.on('error', quiet)
  return { client, close: () => client.disconnect() }
}

export async function ask({ client }: Connected<NodeRedisClient>, ...command: string[]): Promise<unknown> {
  return await client.sendCommand(command)
}

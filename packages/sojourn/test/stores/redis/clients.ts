import { Cluster, Redis } from 'ioredis'
import { createClient, createCluster } from 'redis'
import type { RedisClient } from '../../../src/stores/redis-client.ts'

/** A client that is connected, and how to close it. */
export interface Connected {
  readonly client: RedisClient
  readonly close: () => unknown
}

const quiet = (): void => undefined

export async function nodeRedis(url: string): Promise<Connected> {
  const client = createClient({ url, socket: { reconnectStrategy: 50 } })
  client.on('error', quiet)
  await client.connect()
  return { client, close: () => client.destroy() }
}

export async function nodeCluster(urls: readonly string[]): Promise<Connected> {
  const client = createCluster({ rootNodes: urls.map((url) => ({ url })) })
  client.on('error', quiet)
  await client.connect()
  return { client, close: () => client.destroy() }
}

export function ioRedis(url: string): Connected {
  const client = new Redis(url, { retryStrategy: () => 50 })
  client.on('error', quiet)
  return { client, close: () => client.disconnect() }
}

export function ioCluster(urls: readonly string[]): Connected {
  const client = new Cluster([...urls])
  client.on('error', quiet)
  return { client, close: () => client.disconnect() }
}

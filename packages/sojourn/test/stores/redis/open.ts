import { redis } from '../../../src/stores/redis.ts'
import { closing, type Opened } from '../closing.ts'
import { nodeCluster, nodeRedis } from './clients.ts'

/**
 * What stands at `redis://127.0.0.1:7000/?tag=t`, or at `redis+cluster://127.0.0.1:7000,127.0.0.1:7001/?tag=t`, in a client of
 * its own.
 */
export async function openRedis(url: string): Promise<Opened> {
  const [, cluster, places = '', tag = ''] = /^redis(\+cluster)?:\/\/([^/]+)\/\?tag=(.+)$/.exec(url) ?? []
  const urls = places.split(',').map((place) => `redis://${place}`)
  const connected = await (cluster === undefined ? nodeRedis(urls[0] ?? '') : nodeCluster(urls))
  // A machine that is busy with three nodes may let them wait.
  return closing(redis(connected.client, { tag, patience: 20_000 }), connected.close)
}

import { MemcacheClient } from 'memcache-client'
import { startMemcached } from '../../../../../test/services/memcached.ts'
import type { Store } from '../../../src/core/store.ts'
import { memcached, type MemcachedOptions } from '../../../src/stores/memcached.ts'

export const declines = {
  changes: 'Memcached keeps no order between its records, and may let go any of them, a feed too',
}

type Hook = (run: () => Promise<void>) => void

/** A private server for the tests of a file, with three clients. */
export function openServer(before: Hook, after: Hook, options: { readonly megabytes?: number } = {}) {
  let server: Awaited<ReturnType<typeof startMemcached>> | undefined
  let clients: readonly MemcacheClient[] = []
  before(async () => {
    const { url } = (server = await startMemcached(options))
    clients = Array.from({ length: 3 }, () => openClient(url))
  })
  after(async () => {
    for (const client of clients) client.shutdown()
    await server?.stop()
  })
  const there = <T>(part: T | undefined): T => {
    if (part === undefined) throw new TypeError('The server has not been started')
    return part
  }
  return {
    server: () => there(server),
    client: () => there(clients[0]),
    /** One store as three nodes have it. */
    nodes: (options: MemcachedOptions) => clients.map((client) => memcached(client, options)),
  }
}

export function openClient(url: string): MemcacheClient {
  const server = url.replace('memcached://', '')
  return new MemcacheClient({ server: { server, maxConnections: 4 }, cmdTimeout: 5_000 })
}

/** A store whose calls go to one node after the other, so that no node knows by itself what another did. */
export function inTurn(nodes: readonly Store[]): Store {
  let turn = 0
  const [first] = nodes
  if (first === undefined) throw new TypeError('No node was given')
  return new Proxy(first, {
    get: (target, name) => {
      if (typeof Reflect.get(target, name) !== 'function') return Reflect.get(target, name) as unknown
      return (...args: unknown[]): unknown => {
        const node = nodes[turn++ % nodes.length] ?? target
        return Reflect.apply(Reflect.get(node, name) as () => unknown, node, args)
      }
    },
  })
}

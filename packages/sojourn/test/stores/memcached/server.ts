import { MemcacheClient } from 'memcache-client'
import { startMemcached } from '../../../../../test/services/memcached.ts'

export const declines = {
  changes: 'Memcached keeps no order between its records, and may let go any of them, a feed too',
}

type Hook = (run: () => Promise<void>) => void

/** A private server for the tests of a file, with one client. */
export function openServer(before: Hook, after: Hook, options: { readonly megabytes?: number } = {}) {
  let server: Awaited<ReturnType<typeof startMemcached>> | undefined
  let client: MemcacheClient | undefined
  before(async () => {
    server = await startMemcached(options)
    client = openClient(server.url)
  })
  after(async () => {
    client?.shutdown()
    await server?.stop()
  })
  const there = <T>(part: T | undefined): T => {
    if (part === undefined) throw new TypeError('The server has not been started')
    return part
  }
  return { client: () => there(client), server: () => there(server) }
}

export function openClient(url: string): MemcacheClient {
  const server = url.replace('memcached://', '')
  return new MemcacheClient({ server: { server, maxConnections: 4 }, cmdTimeout: 5_000 })
}

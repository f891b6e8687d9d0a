import { memcached } from '../../../src/stores/memcached.ts'
import { closing, type Opened } from '../closing.ts'
import { openClient } from './server.ts'

/** What stands at `memcached://127.0.0.1:11211/?prefix=p:`, by a client of its own. */
export function openMemcached(url: string): Opened {
  const [, server = '', prefix = ''] = /^(memcached:\/\/[^/]+)\/\?prefix=(.+)$/.exec(url) ?? []
  const client = openClient(server)
  // A machine that is busy with three nodes may let them wait.
  return closing(memcached(client, { prefix, patience: 20_000 }), () => client.shutdown())
}

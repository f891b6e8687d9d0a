import { createPool } from 'mysql2/promise'
import pg from 'pg'
import { createClient } from 'redis'
import type { Store } from 'sojourn'
import { file } from 'sojourn/stores/file'
import { mysql } from 'sojourn/stores/mysql'
import { postgres } from 'sojourn/stores/postgres'
import { redis } from 'sojourn/stores/redis'
import { sqlite } from 'sojourn/stores/sqlite'

/** A store, and how to close the client that it has for itself. */
export interface Opened {
  readonly store: Store
  readonly closeClient: () => unknown
}

const openers = {
  sqlite: (place) => ({ store: sqlite(place), closeClient: () => undefined }),
  file: (place) => ({ store: file(place), closeClient: () => undefined }),
  postgres(url) {
    const pool = new pg.Pool({ connectionString: url })
    return { store: postgres(pool), closeClient: () => pool.end() }
  },
  mariadb(url) {
    const pool = createPool({ uri: url, connectionLimit: 8 })
    return { store: mysql(pool), closeClient: () => pool.end() }
  },
  async redis(url) {
    const client = createClient({ url })
    client.on('error', () => undefined)
    await client.connect()
    return { store: redis(client), closeClient: () => client.destroy() }
  },
} satisfies Record<string, (place: string) => Opened | Promise<Opened>>

export type StoreName = keyof typeof openers
export const storeNames = Object.keys(openers) as readonly StoreName[]

/** The store of this name in a folder, or on the server at a URL. */
export async function storeAt(name: StoreName, place: string): Promise<Opened> {
  return await openers[name](place)
}

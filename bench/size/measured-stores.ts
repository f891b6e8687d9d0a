import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { MemcacheClient } from 'memcache-client'
import { createPool, type RowDataPacket } from 'mysql2/promise'
import pg from 'pg'
import { createClient } from 'redis'
import type { Store } from 'sojourn'
import { file } from 'sojourn/stores/file'
import { memcached } from 'sojourn/stores/memcached'
import { memory } from 'sojourn/stores/memory'
import { mysql } from 'sojourn/stores/mysql'
import { postgres } from 'sojourn/stores/postgres'
import { redis } from 'sojourn/stores/redis'
import { sqlite } from 'sojourn/stores/sqlite'
import { startMariadb } from '../../test/services/mariadb.ts'
import { startMemcached } from '../../test/services/memcached.ts'
import { startPostgres } from '../../test/services/postgres.ts'
import { startRedis } from '../../test/services/redis.ts'
import { heapUsed } from './heap-used.ts'
import { statsOf } from './memcached-stats.ts'

/** What a store takes at a moment. */
export interface Taken {
  readonly bytes: number
  /** How much of it is indexes, where that can be told apart. */
  readonly indexes: number | null
}

/** An empty store, and a way to ask what it takes. */
export interface Measured {
  readonly store: Store
  /** What `taken` goes by. */
  readonly by: string
  taken(): Taken | Promise<Taken>
  close(): unknown
}

/** How to open each, with room for so many sessions. */
export const measuredStores = {
  memory(most) {
    return {
      store: memory({ maxSessions: most }),
      by: 'heap after garbage collection',
      taken: () => ({ bytes: heapUsed(), indexes: null }),
      close: () => undefined,
    }
  },

  sqlite() {
    const folder = temporaryFolder()
    const path = join(folder, 'sessions.db')
    const db = new DatabaseSync(path)
    // As the store sets up a file that it opens itself.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    return {
      store: sqlite(db),
      by: 'file after a checkpoint; dbstat',
      taken() {
        db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
        const indexes = `SELECT sum(pgsize) AS bytes FROM dbstat JOIN sqlite_schema USING (name) WHERE type = 'index'`
        return { bytes: statSync(path).size, indexes: Number(db.prepare(indexes).get()?.['bytes'] ?? 0) }
      },
      close() {
        db.close()
        rmSync(folder, { recursive: true })
      },
    }
  },

  file(most) {
    const folder = temporaryFolder()
    return {
      store: file(folder, { maxSessions: most }),
      by: 'files of the folder; it is in memory too',
      taken() {
        const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size)
        return { bytes: sizes.reduce((sum, size) => sum + size, 0), indexes: null }
      },
      close: () => rmSync(folder, { recursive: true }),
    }
  },

  async postgres() {
    const server = await startPostgres()
    const pool = new pg.Pool({ connectionString: server.url })
    const store = postgres(pool)
    await store.find('nobody')
    return {
      store,
      by: 'pg_total_relation_size after VACUUM ANALYZE',
      async taken() {
        await pool.query('VACUUM ANALYZE')
        const tables = `SELECT sum(pg_total_relation_size(oid))::float8 AS bytes, sum(pg_indexes_size(oid))::float8 AS indexes
          FROM pg_class WHERE relkind = 'r' AND relname LIKE 'sojourn_%'`
        return (await pool.query<{ bytes: number; indexes: number }>(tables)).rows[0] ?? nothing
      },
      async close() {
        await pool.end()
        await server.stop()
      },
    }
  },

  async mariadb() {
    // Nobody waits for a disk here.
    const server = await startMariadb(['--innodb-flush-log-at-trx-commit=0'])
    const pool = createPool({ uri: server.url, connectionLimit: 8 })
    const store = mysql(pool)
    await store.find('nobody')
    return {
      store,
      by: 'information_schema after ANALYZE TABLE',
      async taken() {
        const ask = async (sql: string): Promise<RowDataPacket[]> =>
          (await pool.query<RowDataPacket[]>(sql))[0]
        const ours = `FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'`
        for (const { name } of await ask(`SELECT table_name AS name ${ours}`))
          await ask(`ANALYZE TABLE ${name}`)
        const [row] = await ask(`SELECT SUM(data_length) AS data, SUM(index_length) AS indexes ${ours}`)
        const indexes = Number(row?.['indexes'])
        return { bytes: Number(row?.['data']) + indexes, indexes }
      },
      async close() {
        await pool.end()
        await server.stop()
      },
    }
  },

  async redis() {
    const server = await startRedis()
    const client = createClient({ url: server.url })
    client.on('error', () => undefined)
    await client.connect()
    const store = redis(client)
    await store.find('nobody')
    return {
      store,
      by: 'used_memory of INFO memory',
      async taken() {
        const [, bytes] = /^used_memory:(\d+)/m.exec(await client.info('memory')) ?? []
        return { bytes: Number(bytes), indexes: null }
      },
      async close() {
        client.destroy()
        await server.stop()
      },
    }
  },

  async memcached() {
    const server = await startMemcached({ megabytes: 2_048 })
    const client = new MemcacheClient({
      server: { server: `127.0.0.1:${server.port}`, maxConnections: 4 },
      cmdTimeout: 20_000,
    })
    return {
      store: memcached(client, { patience: 20_000 }),
      by: 'bytes of stats',
      async taken() {
        const stats = await statsOf(server.port)
        if (stats['evictions'] !== '0') throw new Error('Memcached had too little room')
        return { bytes: Number(stats['bytes']), indexes: null }
      },
      async close() {
        client.shutdown()
        await server.stop()
      },
    }
  },
} as const satisfies Record<string, (most: number) => Measured | Promise<Measured>>

export type MeasuredStore = keyof typeof measuredStores

const nothing: Taken = { bytes: 0, indexes: 0 }

function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'sojourn-bench-'))
}

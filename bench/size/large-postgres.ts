import type pg from 'pg'
import { postgres } from 'sojourn/stores/postgres'
import { startPostgres } from '../../test/services/postgres.ts'
import { Child } from '../process/child.ts'
import { namedPool, requests } from './keep-apart.ts'
import { endedEach, fillLargeTable } from './large-table.ts'
import { type ListPage, listPages } from './list-pages.ts'
import { progressOf } from './progress.ts'
import { type SweepRates, sweepRates } from './sweep-rates.ts'
import { type Rounds, type VerifyTimes, verifyTimes } from './verify-times.ts'

/** PostgreSQL with many sessions. */
export interface LargePostgres {
  readonly live: number
  readonly ended: number
  /** Bytes a row, with its part of the indexes. */
  readonly bytes: number
  readonly indexes: number
  readonly pages: readonly ListPage[]
  readonly sweep: SweepRates
  readonly verify: VerifyTimes
}

/**
 * Room for the whole table: where a request has to read from a disk, it waits behind what a sweep writes to it. What is taken is
 * what is used.
 */
const settings = ['shared_buffers=6GB', 'max_wal_size=4GB']

export async function largePostgres(live: number, rounds: Rounds): Promise<LargePostgres> {
  const server = await startPostgres(settings)
  const pool = namedPool(server.url, requests, 4)
  const store = postgres(pool)
  const sweeper = new Child(1, '../size/sweeper.ts', server.url)
  const burner = new Child(1, '../size/burner.ts', server.url)
  try {
    await store.find('nobody')
    await fillLargeTable(pool, live, progressOf('rows and indexes in PostgreSQL'))
    const [bytes, indexes] = await sizeOf(pool)
    const pages = await listPages(pool, store, progressOf('pages of lists'))
    const sweep = await sweepRates(sweeper)
    const verify = await verifyTimes(
      pool,
      { sweeper, burner },
      live,
      rounds,
      progressOf('rounds of verifying'),
    )
    return { live, ended: live * endedEach, bytes, indexes, pages, sweep, verify }
  } finally {
    sweeper.stop()
    burner.stop()
    await store.close?.()
    await pool.end()
    await server.stop()
  }
}

async function sizeOf(pool: pg.Pool): Promise<readonly [bytes: number, indexes: number]> {
  const { rows } = await pool.query<{ bytes: number; indexes: number }>(
    `SELECT pg_total_relation_size(oid)::float8 / reltuples AS bytes, pg_indexes_size(oid)::float8 / reltuples AS indexes
      FROM pg_class WHERE relname = 'sojourn_sessions'`,
  )
  return [rows[0]?.bytes ?? NaN, rows[0]?.indexes ?? NaN]
}

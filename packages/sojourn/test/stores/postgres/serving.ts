import { after, before } from 'node:test'
import type pg from 'pg'
import { startPostgres } from '../../../../../test/services/postgres.ts'
import { pgPool } from './clients.ts'

export type Server = Awaited<ReturnType<typeof startPostgres>>

/** A server for the tests of a `describe`, with a pool of connections; both are there once the tests run. */
export function serving(): { readonly server: Server; readonly pool: pg.Pool } {
  const held: { server?: Server; pool?: pg.Pool } = {}
  before(async () => {
    held.server = await startPostgres()
    held.pool = pgPool(held.server.url).client
  })
  after(async () => {
    await held.pool?.end()
    await held.server?.stop()
  })
  return held as { server: Server; pool: pg.Pool }
}

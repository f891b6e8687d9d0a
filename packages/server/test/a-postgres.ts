import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { startPostgres } from '../../../test/services/postgres.ts'

/** A PostgreSQL of the tests' own, with a new database for each that asks. */
export async function aPostgres(): Promise<{
  readonly open: () => Promise<string>
  readonly stop: () => Promise<void>
}> {
  const server = await startPostgres()
  return {
    async open() {
      const url = new URL(server.url)
      const name = `test_${randomUUID().replaceAll('-', '')}`
      const client = new pg.Client(url.href)
      await client.connect()
      await client.query(`create database ${name}`)
      await client.end()
      url.pathname = `/${name}`
      return url.href
    },
    stop: () => server.stop(),
  }
}

import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { startPostgres } from '../../../../test/services/postgres.ts'
import { missing } from '../../../../test/services/programs.ts'
import { openPostgres } from '../../src/stores/open-postgres.ts'
import { adminSessionsOn } from './admin-api.ts'
import { deniedLoginsOn } from './denied-logins.ts'
import { plansOn } from './plans.ts'

describe('the API of administrators on PostgreSQL', { skip: missing('postgres') }, () => {
  let server: Awaited<ReturnType<typeof startPostgres>> | undefined
  before(async () => {
    server = await startPostgres()
  })
  after(() => server?.stop())

  /** A database of the test's own, for accounts and sessions. */
  async function open() {
    const url = new URL(server?.url ?? '')
    const name = `test_${randomUUID().replaceAll('-', '')}`
    const client = new pg.Client(url.href)
    await client.connect()
    await client.query(`create database ${name}`)
    await client.end()
    url.pathname = `/${name}`
    const store = openPostgres({ kind: 'postgres', url: url.href, schema: undefined, prepare: true })
    return { env: { SOJOURN_DATABASE: url.href }, store }
  }

  for (const suite of [adminSessionsOn, plansOn, deniedLoginsOn])
    suite((name, run) => void test(name, run), 'postgres', open)
})

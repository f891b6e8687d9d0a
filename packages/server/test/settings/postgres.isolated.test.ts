import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { startPostgres } from '../../../../test/services/postgres.ts'
import { missing } from '../../../../test/services/programs.ts'
import { settingsOnNodes } from './nodes.ts'

describe('settings on PostgreSQL', { skip: missing('postgres') }, () => {
  let server: Awaited<ReturnType<typeof startPostgres>> | undefined
  before(async () => {
    server = await startPostgres()
  })
  after(() => server?.stop())

  settingsOnNodes(
    (name, run) => void test(name, run),
    'postgres',
    async () => {
      const url = new URL(server?.url ?? '')
      const name = `test_${randomUUID().replaceAll('-', '')}`
      const client = new pg.Client(url.href)
      await client.connect()
      await client.query(`create database ${name}`)
      await client.end()
      url.pathname = `/${name}`
      return url.href
    },
  )
})

import { randomUUID } from 'node:crypto'
import { after, before, describe, test, type TestFn } from 'node:test'
import pg from 'pg'
import { missing } from '../../../test/services/programs.ts'
import { startPostgres } from '../../../test/services/postgres.ts'
import { startRedis } from '../../../test/services/redis.ts'

/** What suites that run on several grounds are given of servers of the file's own, which start before them and stop after. */
export interface OnPostgres {
  readonly run: (name: string, body: TestFn) => void
  /** The address of a new database. */
  readonly database: () => Promise<string>
}
export interface OnBoth extends OnPostgres {
  /** The address of a part of Redis that nobody else has. */
  readonly redis: () => string
}

const run: OnPostgres['run'] = (name, body) => void test(name, body)

export function onPostgres(title: string, declare: (on: OnPostgres) => void): void {
  describe(title, { skip: missing('postgres') }, () => declare({ run, database: withPostgres() }))
}

export function onPostgresAndRedis(title: string, declare: (on: OnBoth) => void): void {
  describe(title, { skip: missing('postgres') || missing('redis') }, () =>
    declare({ run, database: withPostgres(), redis: withRedis() }),
  )
}

function withPostgres(): () => Promise<string> {
  let server: Awaited<ReturnType<typeof startPostgres>> | undefined
  before(async () => {
    server = await startPostgres()
  })
  after(() => server?.stop())
  return async () => {
    if (server === undefined) throw new Error('PostgreSQL has not been started')
    const name = `test_${randomUUID().replaceAll('-', '')}`
    const client = new pg.Client(server.url)
    await client.connect()
    await client.query(`create database ${name}`)
    await client.end()
    return Object.assign(new URL(server.url), { pathname: `/${name}` }).href
  }
}

function withRedis(): () => string {
  let server: Awaited<ReturnType<typeof startRedis>> | undefined
  before(async () => {
    server = await startRedis()
  })
  after(() => server?.stop())
  return () => {
    if (server === undefined) throw new Error('Redis has not been started')
    return `${server.url}?tag=${randomUUID()}`
  }
}

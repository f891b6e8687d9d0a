import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { openDatabase } from '../src/database/open-database.ts'

/** The servers of a run over PostgreSQL and Redis, by their addresses; without them every test's server is embedded. */
const { SOJOURN_TEST_POSTGRES: postgres, SOJOURN_TEST_REDIS: redis } = process.env

/** The variables of one test's server: a database and a store of its own, both empty. Empty where this run is embedded. */
export async function remotePlaces(): Promise<{ readonly [name: string]: string }> {
  if (postgres === undefined || redis === undefined) return {}
  const name = `test_${randomUUID().replaceAll('-', '')}`
  return { SOJOURN_DATABASE: await aDatabase(postgres, name), SOJOURN_STORE: `${redis}?tag=${name}` }
}

const template = 'sojourn_template'
let copying: Promise<unknown> | undefined

/** A copy of one that was migrated once, since each migration takes its time. One after the other: nobody may use what is copied. */
async function aDatabase(server: string, name: string): Promise<string> {
  copying = (copying ?? makeTemplate(server)).then(() =>
    onServer(server, `create database ${name} template ${template}`),
  )
  await copying
  return at(server, name)
}

async function makeTemplate(server: string): Promise<void> {
  await onServer(server, `create database ${template}`)
  await (await openDatabase(at(server, template))).destroy()
}

async function onServer(server: string, statement: string): Promise<void> {
  const client = new pg.Client(server)
  await client.connect()
  await client.query(statement)
  await client.end()
}

function at(server: string, name: string): string {
  return Object.assign(new URL(server), { pathname: `/${name}` }).href
}

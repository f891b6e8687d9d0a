import { after, before, describe, test } from 'node:test'
import { missing } from '../../../../test/services/programs.ts'
import { openPostgres } from '../../src/stores/open-postgres.ts'
import { aPostgres } from '../a-postgres.ts'
import { signInOn } from './sign-in-on.ts'

describe('signing in on PostgreSQL', { skip: missing('postgres') }, () => {
  let server: Awaited<ReturnType<typeof aPostgres>> | undefined
  before(async () => {
    server = await aPostgres()
  })
  after(() => server?.stop())

  signInOn(
    (name, run) => void test(name, run),
    'postgres',
    async () => {
      const url = (await server?.open()) ?? ''
      const store = openPostgres({ kind: 'postgres', url, schema: undefined, prepare: true })
      return { env: { SOJOURN_DATABASE: url }, store }
    },
  )
})

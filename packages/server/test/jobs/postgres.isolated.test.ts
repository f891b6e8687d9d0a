import { after, before, describe, test } from 'node:test'
import { missing } from '../../../../test/services/programs.ts'
import { aPostgres } from '../a-postgres.ts'
import { jobsOn } from './jobs-on.ts'

describe('jobs on PostgreSQL', { skip: missing('postgres') }, () => {
  let postgres: Awaited<ReturnType<typeof aPostgres>> | undefined
  before(async () => {
    postgres = await aPostgres()
  })
  after(() => postgres?.stop())

  jobsOn(
    (name, run) => void test(name, run),
    'postgres',
    () => postgres?.open() ?? Promise.reject(new Error('not started')),
  )
})

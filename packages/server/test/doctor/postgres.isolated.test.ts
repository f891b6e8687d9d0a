import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from '../../../../test/services/programs.ts'
import { aPostgres } from '../a-postgres.ts'
import { aPatient, examineOn } from './examine-on.ts'

describe('the doctor on PostgreSQL', { skip: missing('postgres') }, () => {
  let postgres: Awaited<ReturnType<typeof aPostgres>> | undefined
  before(async () => {
    postgres = await aPostgres()
  })
  after(() => postgres?.stop())

  examineOn(
    (name, run) => void test(name, run),
    'postgres',
    async () => postgres?.open(),
  )

  test('a clock that is apart from the database’s is told of', async (t) => {
    const { find } = await aPatient(t, await postgres?.open())
    assert.equal((await find('clock')).state, 'ok')
    assert.equal((await find('clock', {}, () => Date.now() + 5_000)).state, 'warning')
    assert.equal((await find('clock', {}, () => Date.now() - 60_000)).state, 'failure')
  })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onPostgres } from '../on-servers.ts'
import { aPatient, examineOn } from './examine-on.ts'

onPostgres('the doctor on PostgreSQL', ({ run, database }) => {
  examineOn(run, 'postgres', database)

  test('a clock that is apart from the database’s is told of', async (t) => {
    const { find } = await aPatient(t, await database())
    assert.equal((await find('clock')).state, 'ok')
    assert.equal((await find('clock', {}, () => Date.now() + 5_000)).state, 'warning')
    assert.equal((await find('clock', {}, () => Date.now() - 60_000)).state, 'failure')
  })
})

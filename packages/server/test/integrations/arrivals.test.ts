import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hour } from 'sojourn/core'
import { FakeClock } from 'sojourn/testing/clock'
import { Lockout } from '../../src/accounts/lockout.ts'
import { openDatabase } from '../../src/database/open-database.ts'

describe('people who come in by somebody else’s word', () => {
  test('R-77 5,000 an hour come in from one network, then nobody until it is over or has waited; others do', async (t) => {
    const database = await openDatabase('sqlite::memory:')
    t.after(() => database.destroy())
    const clock = new FakeClock()
    clock.advance(hour - (clock.now() % hour))
    const lockout = new Lockout(database, clock)
    for (let count = 0; count < 5_000; count++)
      assert.equal(await lockout.arrive('2001:db8:7:1::1'), undefined)
    const wait = (await lockout.arrive('2001:db8:7:1::2')) ?? 0
    assert.equal(wait, 1_000)
    assert.equal(await lockout.arrive('2001:db8:7:2::1'), undefined)
    clock.advance(999)
    assert.equal(await lockout.arrive('2001:db8:7:1::1'), 1)
    clock.advance(1)
    assert.equal(await lockout.arrive('2001:db8:7:1::1'), undefined)
    assert.equal(await lockout.arrive('2001:db8:7:1::1'), 2_000)
    clock.advance(hour)
    assert.equal(await lockout.arrive('2001:db8:7:1::1'), undefined)
  })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from 'sojourn/testing/clock'
import {
  AttemptCounters,
  forgottenAfter,
  longestWait,
  waitAfter,
} from '../../src/accounts/attempt-counters.ts'
import type { Database } from '../../src/database/open-database.ts'
import { databases } from '../databases.ts'

const second = 1_000
const counter = { key: 'one', free: 5 }

function counters(database: Database, clock = new FakeClock()) {
  const these = new AttemptCounters(database, clock)
  const may = async (which = counter): Promise<boolean> => typeof (await these.take(which)) === 'object'
  const fail = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) assert.equal(await may(), true, `attempt ${i}`)
  }
  return { these, clock, may, fail }
}

test('the wait is nothing, then doubles from a second to five minutes', () => {
  const waits = [0, 1, 4, 5, 6, 7, 13, 14, 50, 5_000].map((failures) => waitAfter(failures, 5) / second)
  assert.deepEqual(waits, [0, 0, 0, 1, 2, 4, 256, 300, 300, 300])
})

for (const { name, open, skip } of databases) {
  test(
    `${name}: the database waits as the law says, to the millisecond, and tells how long is left`,
    { skip },
    async (t) => {
      const { these, clock, fail } = counters(await open(t))
      await fail(5)
      for (let failures = 5; failures < 18; failures++) {
        const wait = waitAfter(failures, 5)
        assert.equal(await these.take(counter), wait)
        clock.advance(wait - 1)
        assert.equal(await these.take(counter), 1)
        clock.advance(1)
        const taken = await these.take(counter)
        assert.ok(typeof taken === 'object')
        assert.equal(taken.failures, failures + 1)
      }
    },
  )

  test(`${name}: of forty attempts at once exactly the free ones may be judged`, { skip }, async (t) => {
    const { may } = counters(await open(t))
    const answers = await Promise.all(Array.from({ length: 40 }, () => may()))
    assert.equal(answers.filter((one) => one).length, 5)
  })

  test(`${name}: an attempt that has to wait does not lengthen the wait`, { skip }, async (t) => {
    const { may, fail, clock } = counters(await open(t))
    await fail(5)
    for (let i = 0; i < 9; i++) {
      assert.equal(await may(), false)
      clock.advance(100)
    }
    clock.advance(100)
    assert.equal(await may(), true)
  })

  test(
    `${name}: what is given back leaves no trace, and another's attempt since then stays`,
    { skip },
    async (t) => {
      const { these, may, fail, clock } = counters(await open(t))
      await fail(7 - 1 - 1)
      clock.advance(second)
      const taken = await these.take(counter)
      assert.ok(typeof taken === 'object')
      assert.equal(await may(), false)
      await these.giveBack(taken)
      const again = await these.take(counter)
      assert.ok(typeof again === 'object', 'as if it had not been: no wait')
      assert.equal(again.failures, taken.failures)
      clock.advance(2 * second)
      assert.equal(await may(), true)
      await these.giveBack(again)
      assert.equal(await these.take(counter), 2 * second, 'one failure fewer, and the wait from the last one')
    },
  )

  test(`${name}: a counter that has rested for a day begins anew, and is swept away`, { skip }, async (t) => {
    const database = await open(t)
    const { these, fail, clock } = counters(database)
    const rows = async () => (await database.selectFrom('login_failures').selectAll().execute()).length
    await fail(5)
    clock.advance(forgottenAfter)
    const late = await these.take(counter)
    assert.ok(typeof late === 'object')
    assert.equal(late.failures, 6)
    clock.advance(forgottenAfter + 1)
    const anew = await these.take(counter)
    assert.ok(typeof anew === 'object')
    assert.equal(anew.failures, 1)
    clock.advance(forgottenAfter)
    await these.sweep()
    assert.equal(await rows(), 1)
    clock.advance(1)
    await these.sweep()
    assert.equal(await rows(), 0)
  })

  test(
    `${name}: A-27 a clock that was wrong keeps nobody waiting longer than twice the longest wait`,
    { skip },
    async (t) => {
      const { may, fail, clock } = counters(await open(t))
      await fail(4)
      clock.set(clock.now() - 3_600_000)
      assert.equal(await may(), true, 'who need not wait does not')
      clock.advance(3_600_000)
      assert.equal(await may(), true)
      clock.set(clock.now() - longestWait)
      assert.equal(await may(), false)
      clock.set(clock.now() - 1)
      assert.equal(await may(), true)
    },
  )
}

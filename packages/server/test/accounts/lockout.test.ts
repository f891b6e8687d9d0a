import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from 'sojourn/testing/clock'
import { Lockout, waitAfter } from '../../src/accounts/lockout.ts'
import { databases } from '../databases.ts'

const second = 1_000
const day = 86_400_000

test('the wait is nothing, then doubles from a second to five minutes', () => {
  const waits = [0, 1, 4, 5, 6, 7, 13, 14, 50, 5_000].map((failures) => waitAfter(failures, 5) / second)
  assert.deepEqual(waits, [0, 0, 0, 1, 2, 4, 256, 300, 300, 300])
})

for (const { name, open, skip } of databases) {
  test(`${name}: of a hundred attempts at once only the free ones may be judged`, { skip }, async (t) => {
    const lockout = new Lockout(await open(t), new FakeClock())
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => lockout.attempt('uma@example.com', null)),
    )
    const judged = answers.filter((may) => may).length
    assert.ok(judged >= 1 && judged <= 5, `${judged}`)
  })

  test(`${name}: A-27 a clock that goes back keeps nobody waiting who need not wait`, { skip }, async (t) => {
    const clock = new FakeClock()
    const lockout = new Lockout(await open(t), clock)
    assert.equal(await lockout.attempt('ada@example.com', '192.0.2.1'), true)
    await lockout.succeed('ada@example.com', '192.0.2.1')
    clock.set(clock.now() - 3_600_000)
    assert.equal(await lockout.attempt('uma@example.com', '192.0.2.1'), true)
  })

  test(`${name}: an attempt that may not be judged does not lengthen the wait`, { skip }, async (t) => {
    const clock = new FakeClock()
    const lockout = new Lockout(await open(t), clock)
    for (let i = 0; i < 5; i++) assert.equal(await lockout.attempt('uma@example.com', 'a'), true)
    for (let i = 0; i < 9; i++) {
      assert.equal(await lockout.attempt('uma@example.com', 'a'), false)
      clock.advance(100)
    }
    clock.advance(100)
    assert.equal(await lockout.attempt('uma@example.com', 'a'), true)
  })

  test(
    `${name}: a success clears the account and gives the address its attempt back, no more`,
    { skip },
    async (t) => {
      const lockout = new Lockout(await open(t), new FakeClock())
      for (let i = 0; i < 49; i++) await lockout.attempt(`x${i}@example.com`, '192.0.2.1')
      for (let i = 0; i < 9; i++) {
        assert.equal(await lockout.attempt('own@example.com', '192.0.2.1'), true)
        await lockout.succeed('own@example.com', '192.0.2.1')
      }
      assert.equal(await lockout.attempt('y@example.com', '192.0.2.1'), true)
      assert.equal(await lockout.attempt('z@example.com', '192.0.2.1'), false)
      assert.equal(await lockout.attempt('z@example.com', '192.0.2.2'), true)
    },
  )

  test(
    `${name}: the addresses of one IPv6 network count as one, a mapped IPv4 one as itself`,
    { skip },
    async (t) => {
      const lockout = new Lockout(await open(t), new FakeClock())
      for (let i = 0; i < 50; i++) await lockout.attempt(`x${i}@example.com`, `2001:db8:1:2:${i}::1`)
      for (const same of ['2001:db8:1:2::', '2001:db8:1:2::ffff', '2001:db8:1:2:3:4:5:6'])
        assert.equal(await lockout.attempt('y@example.com', same), false, same)
      for (let i = 0; i < 50; i++) await lockout.attempt(`v${i}@example.com`, `2001:db8::${i}`)
      assert.equal(await lockout.attempt('y@example.com', '2001:db8:0:0:1::'), false)
      assert.equal(await lockout.attempt('y@example.com', '2001:db8:1:3::1'), true)
      for (let i = 0; i < 50; i++) await lockout.attempt(`z${i}@example.com`, '::ffff:192.0.2.1')
      assert.equal(await lockout.attempt('y@example.com', '192.0.2.1'), false)
      assert.equal(await lockout.attempt('w@example.com', '::ffff:192.0.2.2'), true)
    },
  )

  test(`${name}: counters that have rested for a day are forgotten, and swept away`, { skip }, async (t) => {
    const database = await open(t)
    const clock = new FakeClock()
    const lockout = new Lockout(database, clock)
    const rows = async () => (await database.selectFrom('login_failures').selectAll().execute()).length
    for (let i = 0; i < 10; i++) await lockout.attempt('uma@example.com', null)
    clock.advance(day)
    await lockout.sweep()
    assert.equal(await rows(), 2)
    clock.advance(1)
    assert.equal(await lockout.attempt('zoe@example.com', '192.0.2.1'), true)
    await lockout.sweep()
    assert.equal(await rows(), 2)
    for (let i = 0; i < 5; i++) assert.equal(await lockout.attempt('uma@example.com', null), true)
  })

  test(`${name}: what was typed as an address is not kept`, { skip }, async (t) => {
    const database = await open(t)
    await new Lockout(database, new FakeClock()).attempt('my secret password', null)
    const rows = await database.selectFrom('login_failures').selectAll().execute()
    assert.ok(!JSON.stringify(rows).includes('secret'))
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from 'sojourn/testing/clock'
import { type Attempt, Lockout, type Trier } from '../../src/accounts/lockout.ts'
import type { Database } from '../../src/database/open-database.ts'
import { databases } from '../databases.ts'

const second = 1_000
const uma = 'uma@example.com'

/** A lockout with its clock, and short words for what is done to it. */
function aLockout(database: Database) {
  const clock = new FakeClock()
  const lockout = new Lockout(database, clock)
  const from = (email: string, address: string | null, device?: string): Trier => ({ email, address, device })
  const attempt = (email: string, address: string | null, device?: string): Promise<Attempt> =>
    lockout.attempt(from(email, address, device))
  const state = async (...who: Parameters<typeof attempt>) => (await attempt(...who)).state
  const succeed = async (...who: Parameters<typeof attempt>): Promise<void> => {
    const tried = await attempt(...who)
    assert.ok(tried.state === 'judge')
    await lockout.succeed(from(...who), tried.taken)
  }
  /** Guessers from so many networks, each with its free guesses. */
  const guessFrom = async (networks: number): Promise<void> => {
    for (let i = 0; i < networks; i++)
      for (let guess = 0; guess < 5; guess++) await attempt(uma, `203.0.113.${i}`)
  }
  return { lockout, clock, attempt, state, succeed, guessFrom }
}

for (const { name, open, skip } of databases) {
  test(
    `${name}: R-77 guesses from one network close an account for that network, and for no other`,
    { skip },
    async (t) => {
      const { state, clock } = aLockout(await open(t))
      for (let i = 0; i < 5; i++) assert.equal(await state(uma, '192.0.2.1'), 'judge')
      assert.equal(await state(uma, '192.0.2.1'), 'pretend')
      assert.equal(await state('zoe@example.com', '192.0.2.1'), 'judge')
      assert.equal(await state(uma, '192.0.2.2'), 'judge')
      clock.advance(second - 1)
      assert.equal(await state(uma, '192.0.2.1'), 'pretend')
      clock.advance(1)
      assert.equal(await state(uma, '192.0.2.1'), 'judge')
    },
  )

  test(
    `${name}: R-77 a hundred guesses from many networks close an account for new devices alone`,
    { skip },
    async (t) => {
      const { state, guessFrom, clock } = aLockout(await open(t))
      await guessFrom(20)
      for (let i = 0; i < 9; i++) assert.equal(await state(uma, '192.0.2.1'), 'pretend')
      assert.equal(await state(uma, '192.0.2.1', 'a device of hers'), 'judge')
      assert.equal(await state(uma, '203.0.113.1', 'a device of hers'), 'judge', 'even among the guessers')
      clock.advance(second - 1)
      assert.equal(await state(uma, '192.0.2.1'), 'pretend')
      clock.advance(1)
      assert.equal(await state(uma, '192.0.2.1'), 'judge', 'her waiting cost her network nothing')
    },
  )

  test(
    `${name}: R-77 a known device has a counter of its own, and whoever holds it guesses no faster`,
    { skip },
    async (t) => {
      const { attempt, state, succeed, clock } = aLockout(await open(t))
      for (let i = 0; i < 5; i++) assert.equal(await state(uma, null, 'd'), 'judge')
      assert.deepEqual(await attempt(uma, '192.0.2.9', 'd'), { state: 'refused', wait: second })
      assert.equal(await state(uma, null, 'another'), 'judge')
      assert.equal(await state(uma, null), 'judge')
      clock.advance(second - 1)
      assert.equal(await state(uma, null, 'd'), 'refused')
      clock.advance(1)
      await succeed(uma, null, 'd')
      for (let i = 0; i < 5; i++) assert.equal(await state(uma, null, 'd'), 'judge')
      assert.equal(await state(uma, null, 'd'), 'refused')
    },
  )

  test(
    `${name}: a network that tries many accounts is refused, and told for how long`,
    { skip },
    async (t) => {
      const { attempt, state, clock } = aLockout(await open(t))
      for (let i = 0; i < 50; i++) assert.equal(await state(`x${i}@example.com`, '192.0.2.1'), 'judge')
      assert.deepEqual(await attempt('y@example.com', '192.0.2.1'), { state: 'refused', wait: second })
      assert.equal(await state('y@example.com', '192.0.2.2'), 'judge')
      assert.equal(await state('y@example.com', '192.0.2.1', 'a known device'), 'judge')
      clock.advance(second)
      assert.equal(await state('y@example.com', '192.0.2.1'), 'judge')
    },
  )

  test(
    `${name}: a success clears its network's failures for the account, and gives the address one back`,
    { skip },
    async (t) => {
      const { state, succeed, guessFrom, clock } = aLockout(await open(t))
      for (let i = 0; i < 49; i++) await state(`x${i}@example.com`, '192.0.2.1')
      for (let i = 0; i < 9; i++) await succeed('own@example.com', '192.0.2.1')
      assert.equal(await state('y@example.com', '192.0.2.1'), 'judge')
      assert.equal(await state('z@example.com', '192.0.2.1'), 'refused')
      // Her own mistakes do not add up with those of guessers: 99 of theirs stay below the hundred.
      await guessFrom(19)
      for (let i = 0; i < 4; i++) assert.equal(await state(uma, '203.0.113.99'), 'judge')
      for (let i = 0; i < 9; i++) await succeed(uma, '198.51.100.1')
      assert.equal(await state(uma, '198.51.100.2'), 'judge')
      assert.equal(await state(uma, '198.51.100.3'), 'pretend')
      clock.advance(second)
      assert.equal(await state(uma, '198.51.100.3'), 'judge')
    },
  )

  test(`${name}: what was not judged is given back to every counter`, { skip }, async (t) => {
    const { lockout, attempt, state } = aLockout(await open(t))
    for (let i = 0; i < 120; i++) {
      const tried = await attempt(uma, '192.0.2.1')
      assert.ok(tried.state === 'judge', `attempt ${i}`)
      await lockout.giveBack(tried.taken)
    }
    for (let i = 0; i < 5; i++) assert.equal(await state(uma, '192.0.2.1'), 'judge')
    assert.equal(await state(uma, '192.0.2.1'), 'pretend')
  })

  test(
    `${name}: the addresses of one IPv6 network count as one, a mapped IPv4 one as itself`,
    { skip },
    async (t) => {
      const { state } = aLockout(await open(t))
      for (let i = 0; i < 50; i++) await state(`x${i}@example.com`, `2001:db8:1:2:${i}::1`)
      for (const same of ['2001:db8:1:2::', '2001:DB8:1:2::ffff', '2001:0db8:0001:0002:3:4:5:6'])
        assert.equal(await state('y@example.com', same), 'refused', same)
      for (let i = 0; i < 50; i++) await state(`v${i}@example.com`, `2001:db8::${i}`)
      assert.equal(await state('y@example.com', '2001:db8:0:0:1::'), 'refused')
      assert.equal(await state('y@example.com', '2001:db8:1:3::1'), 'judge')
      for (let i = 0; i < 50; i++) await state(`z${i}@example.com`, '::ffff:192.0.2.1')
      assert.equal(await state('y@example.com', '192.0.2.1'), 'refused')
      assert.equal(await state('w@example.com', '::ffff:192.0.2.2'), 'judge')
    },
  )

  test(`${name}: twenty sign-ups of a network are free, the next one waits`, { skip }, async (t) => {
    const { lockout, clock } = aLockout(await open(t))
    for (let i = 0; i < 20; i++) assert.equal(typeof (await lockout.signUp('192.0.2.1')), 'object')
    assert.equal(await lockout.signUp('192.0.2.1'), second)
    assert.equal(typeof (await lockout.signUp('192.0.2.2')), 'object')
    clock.advance(second - 1)
    assert.equal(await lockout.signUp('192.0.2.1'), 1)
    clock.advance(1)
    assert.equal(typeof (await lockout.signUp('192.0.2.1')), 'object')
  })

  test(`${name}: what an administrator forgets begins anew, and no other account's`, { skip }, async (t) => {
    const { lockout, state, guessFrom } = aLockout(await open(t))
    await guessFrom(20)
    for (let i = 0; i < 6; i++) await state('zoe@example.com', '192.0.2.1')
    await lockout.forget('Uma@Example.com')
    for (let i = 0; i < 5; i++) assert.equal(await state(uma, '203.0.113.1'), 'judge')
    assert.equal(await state(uma, '203.0.113.1'), 'pretend')
    assert.equal(await state('zoe@example.com', '192.0.2.1'), 'pretend')
  })

  test(`${name}: what was typed as an address is not kept`, { skip }, async (t) => {
    const database = await open(t)
    await aLockout(database).attempt('my secret password', null, 'd')
    await aLockout(database).attempt('my secret password', null)
    const rows = await database.selectFrom('login_failures').selectAll().execute()
    assert.equal(rows.length, 4)
    assert.ok(!JSON.stringify(rows).includes('secret'))
  })
}

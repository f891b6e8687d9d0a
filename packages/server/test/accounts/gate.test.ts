import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Busy, Gate } from '../../src/accounts/gate.ts'

/** Tasks that end when they are told to, in the order in which they ran. */
function tasks(gate: Gate) {
  const ran: string[] = []
  const ends: (() => void)[] = []
  const bring = (party: string): Promise<void> =>
    gate.run(party, async () => {
      ran.push(party)
      await new Promise<void>((resolve) => ends.push(resolve))
    })
  const endNext = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve))
    ends.shift()?.()
  }
  return { ran, bring, endNext }
}

test('R-77 a party that floods has an eighth of the places, and the others theirs', async () => {
  const gate = new Gate(1, 64)
  const { ran, bring, endNext } = tasks(gate)
  const flood = Array.from({ length: 100 }, () => bring('flood'))
  const settled = Promise.allSettled(flood)
  const others = Array.from({ length: 7 }, (_, index) => bring(`other ${index}`))
  for (let i = 0; i < 20; i++) await endNext()
  await Promise.all(others)
  const turnedAway = (await settled).filter((one) => one.status === 'rejected')
  assert.equal(turnedAway.length, 100 - 1 - 8)
  assert.ok(turnedAway.every(({ reason }) => reason instanceof Busy))
  const first = ['flood', 'flood', ...others.map((_, index) => `other ${index}`)]
  assert.deepEqual(ran.slice(0, 9), first, 'every other waits for one of the flood')
})

test('parties take turns, each in the order of coming', async () => {
  const { ran, bring, endNext } = tasks(new Gate(1, 64))
  const all = ['a', 'a', 'a', 'a', 'b', 'b', 'c'].map((party) => bring(party))
  for (let i = 0; i < all.length; i++) await endNext()
  await Promise.all(all)
  assert.deepEqual(ran, ['a', 'a', 'b', 'c', 'a', 'b', 'a'])
})

test('however many parties there are, no more than the places wait', async () => {
  const { bring, endNext } = tasks(new Gate(2, 8))
  const all = Promise.allSettled(Array.from({ length: 12 }, (_, index) => bring(`party ${index}`)))
  for (let i = 0; i < 12; i++) await endNext()
  const states = (await all).map(({ status }) => status)
  assert.deepEqual(
    states.slice(0, 10),
    Array.from({ length: 10 }, () => 'fulfilled'),
  )
  assert.deepEqual(states.slice(10), ['rejected', 'rejected'])
})

test('a task that fails leaves its place', async () => {
  const gate = new Gate(1, 8)
  await assert.rejects(
    gate.run('a', () => Promise.reject(new Error('no'))),
    /no/,
  )
  assert.equal(await gate.run('a', () => Promise.resolve(1)), 1)
})

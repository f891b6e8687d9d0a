import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDatabase } from '../../src/database/open-database.ts'
import { keepEvents } from '../../src/outbox/keep-events.ts'
import { testEvent } from '../../src/outbox/outbox-event.ts'
import { claim, giveUp } from '../../src/webhooks/claim.ts'
import { Webhooks } from '../../src/webhooks/webhooks.ts'

const given = {
  url: 'https://example.com/',
  note: '',
  format: 'standard',
  events: ['session.ended'],
  audience: null,
  authorization: null,
} as const

test('of many who claim an event at once one has it, up to the last moment of its claim, or until it is given up', async (t) => {
  const database = await openDatabase('sqlite::memory:')
  t.after(() => database.destroy())
  let now = 5_000
  const ground = { database, clock: { now: () => now }, claimLasts: 1_000 }
  const webhooks = new Webhooks(database, ['a-secret-of-tests-that-is-long-enough'], ground.clock)
  const added = await webhooks.add(given)
  assert.ok(added !== 'too_many')
  const event = testEvent(now)
  await database.transaction().execute((step) => keepEvents(step, [event], now, added.webhook.id))
  const holders = ['a', 'b', 'c', 'd', 'e']
  const claims = await Promise.all(holders.map((holder) => claim(ground, holder)))
  const got = claims.flatMap((one, at) => (one === undefined ? [] : [{ one, holder: holders[at] ?? '' }]))
  assert.equal(got.length, 1)
  now += 1_000
  assert.equal(await claim(ground, 'late'), undefined)
  now += 1
  const again = await claim(ground, 'late')
  assert.equal(again?.event, event.id)
  const [first] = got
  assert.ok(first)
  await giveUp(ground, first.holder, first.one)
  assert.equal(await claim(ground, 'other'), undefined, 'who lost a claim gives nothing back')
  await giveUp(ground, 'late', again)
  assert.equal((await claim(ground, 'other'))?.event, event.id)
  assert.equal(await claim(ground, 'other', [added.webhook.id]), undefined)
})

test('of one session and endpoint an event waits for the one before it, however long that waits; others do not', async (t) => {
  const database = await openDatabase('sqlite::memory:')
  t.after(() => database.destroy())
  const now = 5_000
  const ground = { database, clock: { now: () => now }, claimLasts: 1_000 }
  const webhooks = new Webhooks(database, ['a-secret-of-tests-that-is-long-enough'], ground.clock)
  const added = await webhooks.add({ ...given, events: ['session.started', 'session.ended'] })
  assert.ok(added !== 'too_many')
  const event = (id: string, type: 'session.started' | 'session.ended', session: string) => ({
    id,
    type,
    session,
    at: now,
    data: {},
  })
  const events = [
    event('1', 'session.started', 's'),
    event('2', 'session.ended', 's'),
    event('3', 'session.ended', 'r'),
  ]
  await database.transaction().execute((step) => keepEvents(step, events, now))
  await database
    .updateTable('deliveries')
    .set({ next_at: now + 1 })
    .where('event', '=', '1')
    .execute()
  assert.equal((await claim(ground, 'a'))?.event, '3')
  assert.equal(await claim(ground, 'a'), undefined)
  await database.updateTable('deliveries').set({ state: 'dead' }).where('event', '=', '1').execute()
  assert.equal((await claim(ground, 'a'))?.event, '2', 'a dead letter holds up nothing')
})

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

test('A-27 what a clock that was wrong wrote keeps no event from its endpoint once it is right again', async (t) => {
  const database = await openDatabase('sqlite::memory:')
  t.after(() => database.destroy())
  const now = 5_000
  const ahead = now + 365 * 24 * 3_600_000
  const ground = { database, clock: { now: () => now }, claimLasts: 1_000 }
  const webhooks = new Webhooks(database, ['a-secret-of-tests-that-is-long-enough'], ground.clock)
  const added = await webhooks.add(given)
  assert.ok(added !== 'too_many')
  const event = testEvent(now)
  await database.transaction().execute((step) => keepEvents(step, [event], now, added.webhook.id))
  const held = { next_at: ahead, held_until: ahead, holder: 'wrong' }
  await database.updateTable('deliveries').set(held).execute()
  await database.updateTable('webhooks').set({ retry_at: ahead }).execute()
  assert.equal((await claim(ground, 'right'))?.event, event.id)
  // What a clock that is right may have written holds.
  const waits = [{ next_at: now + 8 * 3_600_000 }, { held_until: now + 60_000 }] as const
  for (const one of waits) {
    await database
      .updateTable('deliveries')
      .set({ next_at: 0, held_until: 0, ...one })
      .execute()
    assert.equal(await claim(ground, 'right'), undefined)
  }
  await database.updateTable('deliveries').set({ next_at: 0, held_until: 0 }).execute()
  await database
    .updateTable('webhooks')
    .set({ retry_at: now + 3_600_000 })
    .execute()
  assert.equal(await claim(ground, 'right'), undefined)
})

test('nothing is claimed for an endpoint that is disabled, until it is enabled', async (t) => {
  const database = await openDatabase('sqlite::memory:')
  t.after(() => database.destroy())
  const now = 5_000
  const ground = { database, clock: { now: () => now }, claimLasts: 1_000 }
  const webhooks = new Webhooks(database, ['a-secret-of-tests-that-is-long-enough'], ground.clock)
  const added = await webhooks.add(given)
  assert.ok(added !== 'too_many')
  const { id } = added.webhook
  await webhooks.disable(id, 'by_hand')
  // As by somebody who wrote it down at the same moment.
  const event = testEvent(now)
  await database.transaction().execute((step) => keepEvents(step, [event], now, id))
  assert.equal(await claim(ground, 'a'), undefined)
  await webhooks.enable(id)
  assert.equal((await claim(ground, 'a'))?.event, event.id)
})

test('of two who replace a secret at the same moment one does: nobody is told one that never signs', async (t) => {
  const database = await openDatabase('sqlite::memory:')
  t.after(() => database.destroy())
  const webhooks = new Webhooks(database, ['a-secret-of-tests-that-is-long-enough'], { now: () => 5_000 })
  const added = await webhooks.add(given)
  assert.ok(added !== 'too_many')
  const { id } = added.webhook
  const told = await Promise.all([webhooks.rotate(id), webhooks.rotate(id)])
  const [fresh, ...others] = told.filter((one) => one !== undefined)
  assert.deepEqual(others, [])
  const row = await database.selectFrom('webhooks').selectAll().executeTakeFirstOrThrow()
  assert.deepEqual(webhooks.credentialsOf(row).secrets, [fresh, added.secret])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RoundTrips } from '../../src/round-trips/round-trips.ts'
import { hour, minute } from 'sojourn/core'
import { anLtiServer } from '../lti/fake-platform.ts'

test('what has expired is removed', async (t) => {
  const server = await anLtiServer(t)
  const trips = new RoundTrips(server.database, server.clock)
  await server.begin(server.browser())
  await trips.take(server.id, 'a', server.clock.now() + hour)
  const left = async () => [
    (await server.database.selectFrom('round_trips').selectAll().execute()).length,
    (await server.database.selectFrom('taken_assertions').selectAll().execute()).length,
  ]
  server.clock.advance(hour)
  await trips.sweep()
  assert.deepEqual(await left(), [1, 1])
  server.clock.advance(1)
  await trips.sweep()
  assert.deepEqual(await left(), [1, 0])
  server.clock.advance(10 * minute - 1)
  await trips.sweep()
  assert.deepEqual(await left(), [1, 0])
  server.clock.advance(1)
  await trips.sweep()
  assert.deepEqual(await left(), [0, 0])
})

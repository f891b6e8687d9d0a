import assert from 'node:assert/strict'
import { test } from 'node:test'
import { day, hour } from '../../src/core/duration.ts'
import { sessionStatus } from '../../src/web/status.ts'
import { house } from './a-house.ts'

const script = { 'sec-fetch-mode': 'cors', 'x-session-activity': 'passive' }

test('a status tells states and moments, and no secret', async () => {
  const { next, finish, clock, auth } = house({
    policy: { idleTimeout: '1h', absoluteTimeout: '1d', touchEvery: '0s' },
  })
  const now = clock.now()
  const none = { id: null, subject: null, assurance: 0, authenticated_at: null, idle_expires_at: null }
  const guest = await next()
  assert.deepEqual(sessionStatus(guest, now), {
    state: 'none',
    ...none,
    absolute_expires_at: null,
    remembered_until: null,
    now,
    reason: null,
  })
  await guest.login('u-1')
  await finish(guest)
  const member = await next()
  assert.deepEqual(sessionStatus(member, now), {
    state: 'active',
    id: member.id,
    subject: 'u-1',
    assurance: 1,
    authenticated_at: now,
    idle_expires_at: now + 3_600_000,
    absolute_expires_at: now + 86_400_000,
    remembered_until: null,
    now,
    reason: null,
  })
  await auth.end({ subject: 'u-1' }, 'admin_revoked')
  const ended = sessionStatus(await next(), now)
  assert.deepEqual([ended.state, ended.reason, ended.id], ['ended', 'admin_revoked', null])
})

test('SLI-40 a status tells of a login that waits, and until when', async () => {
  const { next, finish, clock } = house()
  const visit = await next()
  await visit.login('u-1', { pending: true })
  await finish(visit)
  const waiting = await next()
  const { state, id, subject, absolute_expires_at: until } = sessionStatus(waiting, clock.now())
  assert.deepEqual([state, id, subject], ['pending', null, null])
  assert.deepEqual([until, typeof until], [waiting.waiting?.until, 'number'])
  await waiting.activate()
  assert.equal(sessionStatus(waiting, clock.now()).state, 'active')
})

test('SLI-07 a status tells of a timeout that a remembered device will not notice', async () => {
  const { next, finish, clock } = house({ policy: 'stay-logged-in' })
  const visit = await next()
  await visit.login('u-1', { remember: true })
  await finish(visit)
  clock.advance(2 * hour)
  assert.equal(sessionStatus(await next(script), clock.now()).state, 'active')
  clock.advance(1)
  const passive = await next(script)
  const { state, id, reason } = sessionStatus(passive, clock.now())
  assert.deepEqual([state, id, reason], ['restorable', null, 'idle_timeout'])
  await finish(passive)
  const person = await next()
  assert.equal(sessionStatus(person, clock.now()).state, 'active')
  await finish(person)
  clock.advance(40 * day)
  const { session } = await next()
  assert.equal(session, null)
})

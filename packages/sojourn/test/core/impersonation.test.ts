import assert from 'node:assert/strict'
import test from 'node:test'
import { impersonated, judgeImpersonation, mayChangeCredentials } from '../../src/core/impersonation.ts'
import { isLive, type Session } from '../../src/core/session.ts'
import { aSession, hour, minute, start } from '../../src/testing/fixtures.ts'
import { policyOf } from './policy-of.ts'

const support = aSession({
  id: 's-support',
  subject: 'ada',
  roles: ['support'],
  amr: ['pwd', 'otp'],
  assurance: 2,
})
const target = { subject: 'u-1', roles: ['member'] }
const mayActAs = (role: string) => role === 'member'

test('A-25 support may act as a member', () => {
  assert.equal(judgeImpersonation(support, target, mayActAs, start), 'allowed')
})

test('A-25 never as somebody who may more: one role out of reach is enough', () => {
  for (const roles of [['administrator'], ['member', 'administrator'], ['unheard-of']])
    assert.equal(judgeImpersonation(support, { subject: 'u-2', roles }, mayActAs, start), 'above')
})

test('A-25 nobody acts as somebody while acting as another', () => {
  const acting = aSession({ subject: 'u-1', actor: 'ada' })
  assert.equal(judgeImpersonation(acting, { subject: 'u-3', roles: [] }, mayActAs, start), 'nested')
  assert.equal(judgeImpersonation(support, { subject: 'ada', roles: [] }, mayActAs, start), 'oneself')
})

test('A-25 only from a session that is somebody and lives', () => {
  for (const actor of [
    aSession({ subject: null }),
    aSession({ activatedAt: null }),
    aSession({ endedAt: start, endReason: 'user_logout' }),
  ])
    assert.equal(judgeImpersonation(actor, target, mayActAs, start), 'not_authenticated')
  assert.equal(judgeImpersonation(support, target, mayActAs, start + 30 * minute + 1), 'not_authenticated')
})

/** What support gets at `start` when the target's policy would end a session at `expiresAt`. */
function acting(expiresAt: number | null, policy = policyOf({}), actor: Session = support): Session {
  return { ...aSession({ idleTimeout: null }), ...impersonated(actor, target, expiresAt, policy, start) }
}

test('A-25 it lasts a quarter of an hour: live at 15:00.000, over one millisecond later, however much it is used', () => {
  const session = { ...acting(null), lastSeenAt: start + 15 * minute }
  assert.ok(isLive(session, start + 15 * minute))
  assert.ok(!isLive(session, start + 15 * minute + 1))
  assert.equal(acting(null, policyOf({ impersonationTimeout: '5m' })).expiresAt, start + 5 * minute)
})

test("A-25 it outlives neither the actor's session nor what the target's policy allows", () => {
  assert.equal(acting(start + minute).expiresAt, start + minute)
  assert.equal(
    acting(start + hour, policyOf({}), { ...support, expiresAt: start + 2 * minute }).expiresAt,
    start + 2 * minute,
  )
  assert.equal(acting(null, policyOf({}), { ...support, expiresAt: null }).expiresAt, start + 15 * minute)
})

test("A-25 it is marked and linked, has the target's roles, the actor's authentication, and remembers nothing", () => {
  const session = acting(null)
  assert.equal(session.subject, 'u-1')
  assert.equal(session.actor, 'ada')
  assert.equal(session.parent, 's-support')
  assert.equal(session.method, 'impersonation')
  assert.equal(session.family, null)
  assert.deepEqual(session.roles, ['member'])
  assert.deepEqual(session.amr, ['pwd', 'otp'])
  assert.equal(session.assurance, 2)
  assert.equal(session.authenticatedAt, support.authenticatedAt)
})

test('A-25 no credential is changed by who acts as another, nor by a guest', () => {
  assert.ok(mayChangeCredentials(support))
  assert.ok(!mayChangeCredentials(acting(null)))
  assert.ok(!mayChangeCredentials(aSession({ subject: null })))
})

import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { decide } from '../../src/core/decide.ts'
import type { PolicyInput } from '../../src/core/layers.ts'
import type { Session } from '../../src/core/session.ts'
import { simulate } from '../../src/core/simulate.ts'
import { Policies } from '../../src/engine/policies.ts'
import { aSession, hour, minute, start } from '../../src/testing/fixtures.ts'

const now = start + 20 * minute

test('a policy that tightens: whom it ends, by which rule, since when, at T and T + 1 ms', () => {
  const sessions = [
    aSession({ id: 'fresh', lastSeenAt: now }),
    aSession({ id: 'at the limit', subject: 'u-2', lastSeenAt: now - 15 * minute }),
    aSession({ id: 'beyond', subject: 'u-3', lastSeenAt: now - 15 * minute - 1 }),
    aSession({ id: 'old', subject: 'u-3', createdAt: now - 5 * hour, lastSeenAt: now }),
    aSession({ id: 'over already', lastSeenAt: now - hour }),
    aSession({ id: 'ended', endedAt: start, endReason: 'user_logout' }),
  ]
  assert.deepEqual(simulate({ idleTimeout: '15m', absoluteTimeout: '4h' }, sessions, now), {
    affected: [
      { id: 'beyond', subject: 'u-3', rule: 'idle-timeout', reason: 'idle_timeout', endedAt: now - 1 },
      {
        id: 'old',
        subject: 'u-3',
        rule: 'absolute-timeout',
        reason: 'absolute_timeout',
        endedAt: now - hour,
      },
    ],
    reasons: { idle_timeout: 1, absolute_timeout: 1 },
    subjects: 1,
    spared: 2,
    over: 2,
  })
})

test('a policy that loosens ends nobody', () => {
  const { affected, spared } = simulate({ idleTimeout: null, absoluteTimeout: null }, [aSession()], now)
  assert.deepEqual(affected, [])
  assert.equal(spared, 1)
})

test('a check that is switched on is named, too', () => {
  const session = aSession({ fingerprint: null, subject: null })
  const { affected, subjects } = simulate(
    { requireInitiated: true, fingerprint: 'ua-exact', guestIdleTimeout: '1h' },
    [session],
    now,
  )
  assert.deepEqual(affected, [
    { id: session.id, subject: null, rule: 'initiated', reason: 'maintenance', endedAt: now },
  ])
  assert.equal(subjects, 0)
})

test('each session is judged by its own application, roles and method', () => {
  const policy: PolicyInput = {
    roles: { administrator: { idleTimeout: '10m' } },
    apps: { kiosk: { idleTimeout: '5m' } },
    realms: { shop: { idleTimeout: '1m' } },
  }
  const sessions = [
    aSession({ id: 'member' }),
    aSession({ id: 'administrator', roles: ['member', 'administrator'] }),
    aSession({ id: 'kiosk', app: 'kiosk', lastSeenAt: now - 6 * minute }),
    aSession({ id: 'shop', realm: 'shop', lastSeenAt: now - 2 * minute }),
  ]
  const { affected } = simulate(policy, sessions, now)
  assert.deepEqual(
    affected.map(({ id }) => id),
    ['administrator', 'kiosk', 'shop'],
  )
})

test('what the current policy ends anyway is not put down to the new one', () => {
  const session = aSession({ lastSeenAt: now - 12 * minute })
  const next: PolicyInput = { idleTimeout: '10m' }
  assert.equal(simulate(next, [session], now).affected.length, 1)
  const { affected, over } = simulate(next, [session], now, { current: { idleTimeout: '11m' } })
  assert.deepEqual(affected, [])
  assert.equal(over, 1)
})

test('activity that is not written yet counts', () => {
  const session = aSession()
  const seen = (at: number) =>
    simulate({ idleTimeout: '10m' }, [session], now, { seenAt: () => at }).affected.length
  assert.equal(seen(now - 10 * minute), 0)
  assert.equal(seen(now - 10 * minute - 1), 1)
  const idle = aSession({ lastSeenAt: now - hour })
  assert.equal(simulate({}, [idle], now, { seenAt: () => now }).over, 0)
  assert.equal(simulate({}, [idle], now).over, 1)
})

test('a policy that does not read is refused by its path', () => {
  assert.throws(
    () => simulate({ idleTimeout: '1x' as '1m' }, [], now),
    /^SessionError: policy\.idleTimeout: /,
  )
  assert.throws(
    () => simulate({ realms: { shop: { limit: 1.5 } } }, [], now),
    /^SessionError: policy\.realms\.shop\.limit: /,
  )
  assert.throws(
    () => simulate({}, [aSession()], now, { current: { idleTimeout: '1x' as '1m' } }),
    /^SessionError: current\.idleTimeout: /,
  )
})

const span = fc.integer({ min: 1, max: 2 * hour })
const someSession: fc.Arbitrary<Session> = fc
  .record({
    subject: fc.constantFrom('u-1', 'u-2', null),
    roles: fc.subarray(['member', 'administrator']),
    app: fc.constantFrom('shop', null),
    createdAt: fc.integer({ min: start - hour, max: now }),
    idled: fc.nat(hour),
    lag: fc.nat(minute),
    idleTimeout: fc.option(span, { nil: null }),
    fingerprint: fc.constantFrom(null, 'ua-exact:a'),
  })
  .map(({ idled, ...fields }) => aSession({ ...fields, lastSeenAt: Math.max(fields.createdAt, now - idled) }))
const somePolicy: fc.Arbitrary<PolicyInput> = fc.record({
  idleTimeout: fc.option(span, { nil: null }),
  absoluteTimeout: fc.option(span, { nil: null }),
  guestIdleTimeout: span,
  requireInitiated: fc.boolean(),
  fingerprint: fc.constantFrom('none', 'ua-exact'),
  onFingerprintChange: fc.constantFrom('log', 'end'),
  roles: fc.record({ administrator: fc.record({ idleTimeout: span }) }),
  apps: fc.record({ shop: fc.record({ absoluteTimeout: span }) }),
})

test('it predicts exactly what the next request of each session will meet', () => {
  fc.assert(
    fc.property(fc.array(someSession, { maxLength: 12 }), somePolicy, (sessions, policy) => {
      const policies = new Policies(policy)
      const simulation = simulate(policy, sessions, now)
      const predicted = new Map(simulation.affected.map((each) => [each.id, each]))
      let over = 0
      for (const session of sessions) {
        const { ip, userAgent } = session
        const facts = { session, watermark: null, request: { ip, userAgent, passive: false } }
        const verdict = decide(facts, policies.of(session), now)
        const was = predicted.get(session.id)
        if (was !== undefined)
          assert.deepEqual(verdict, { next: 'end', reason: was.reason, endedAt: was.endedAt })
        else if (verdict.next === 'end') over++
      }
      assert.equal(over, simulation.over)
      assert.equal(simulation.affected.length + simulation.spared + simulation.over, sessions.length)
    }),
    { numRuns: 1_000 },
  )
})

test('a hundred thousand sessions are judged in well under a second', () => {
  const sessions = Array.from({ length: 100_000 }, (_, index) =>
    aSession({
      subject: `u-${index % 1000}`,
      roles: index % 10 === 0 ? ['administrator'] : ['member'],
      lastSeenAt: now - (index % 30) * minute,
    }),
  )
  const policy: PolicyInput = { idleTimeout: '10m', roles: { administrator: { idleTimeout: '5m' } } }
  const began = performance.now()
  const { affected } = simulate(policy, sessions, now)
  assert.ok(performance.now() - began < 1_000)
  assert.ok(affected.length > 50_000)
})

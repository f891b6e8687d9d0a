import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { decide, type Facts } from '../../src/core/decide.ts'
import { explain } from '../../src/core/explain.ts'
import type { Policy } from '../../src/core/policy.ts'
import { overBy } from '../../src/core/over.ts'
import { aSession, hour, minute, start } from '../../src/testing/fixtures.ts'
import { policyOf } from './policy-of.ts'

const span = fc.integer({ min: 1, max: 4 * hour })
const spanOrNull = fc.option(span, { nil: null })
const moment = fc.integer({ min: start - hour, max: start + 8 * hour })
const momentOrNull = fc.option(moment, { nil: null })

const policies: fc.Arbitrary<Policy> = fc
  .record({
    idleTimeout: spanOrNull,
    absoluteTimeout: spanOrNull,
    guestIdleTimeout: span,
    regenerateEvery: spanOrNull,
    requireInitiated: fc.boolean(),
    fingerprint: fc.constantFrom('none', 'ua-exact', 'family+os'),
    onFingerprintChange: fc.constantFrom('log', 'step-up', 'end'),
  })
  .map((layer) => policyOf(layer))

const facts: fc.Arbitrary<Facts> = fc
  .record({
    session: fc.record({
      subject: fc.constantFrom('u-1', null),
      createdAt: moment,
      activatedAt: momentOrNull,
      idleTimeout: spanOrNull,
      expiresAt: momentOrNull,
      lag: fc.integer({ min: 0, max: minute }),
      regeneratedAt: moment,
      fingerprint: fc.constantFrom(null, 'ua-exact:a', 'family+os:other/other/desktop'),
    }),
    idled: fc.integer({ min: 0, max: 3 * hour }),
    watermark: fc.option(fc.record({ at: moment, reason: fc.constant('bulk_revoked' as const) }), {
      nil: null,
    }),
    request: fc.record({
      userAgent: fc.constantFrom('a', 'b', null),
      ip: fc.constant(null),
      passive: fc.boolean(),
    }),
    seenAt: fc.option(moment, { nil: undefined }),
  })
  .map(({ session, idled, ...rest }) => ({
    ...rest,
    session: aSession({ ...session, lastSeenAt: session.createdAt + idled }),
  }))

test('a verdict is monotone: what is over by a deadline stays over, with the same reason and moment', () => {
  fc.assert(
    fc.property(facts, policies, moment, fc.nat(4 * hour), (facts, policy, now, later) => {
      const first = decide(facts, policy, now)
      if (first.next !== 'end') return
      const second = decide(facts, policy, now + later)
      assert.equal(second.next, 'end')
      // What a request brings with it, and what a faster clock wrote, is over "now", whenever that is.
      if (first.endedAt < now) assert.deepEqual(second, first)
    }),
    { numRuns: 2_000 },
  )
})

test('no deadline passes the absolute limits, and no end lies in the future', () => {
  fc.assert(
    fc.property(facts, policies, moment, (facts, policy, now) => {
      const verdict = decide(facts, policy, now)
      if (verdict.next === 'end') return assert.ok(verdict.endedAt <= now)
      const { createdAt, expiresAt } = facts.session
      for (const limit of [expiresAt, policy.absoluteTimeout && createdAt + policy.absoluteTimeout]) {
        if (limit === null) continue
        assert.ok(verdict.expiresAt !== null && verdict.expiresAt <= limit)
        assert.ok(now <= limit)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('explain and decide agree', () => {
  fc.assert(
    fc.property(facts, policies, moment, (facts, policy, now) => {
      const { verdict, trace } = explain(facts, policy, now)
      assert.deepEqual(verdict, decide(facts, policy, now))
      const ends = trace.flatMap((said) => {
        if ('deadline' in said)
          return said.deadline !== null && now > said.deadline
            ? [{ reason: said.reason, at: said.deadline }]
            : []
        return said.finding?.action === 'end' ? [{ reason: said.finding.reason, at: said.finding.at }] : []
      })
      const first = ends.toSorted((a, b) => a.at - b.at)[0]
      if (verdict.next === 'end') assert.deepEqual(first, { reason: verdict.reason, at: verdict.endedAt })
      else assert.equal(first, undefined)
    }),
    { numRuns: 2_000 },
  )
})

test('A-31 a passive request never asks for a write', () => {
  fc.assert(
    fc.property(facts, policies, moment, (facts, policy, now) => {
      const passive = { ...facts, request: { ...facts.request, passive: true } }
      assert.ok(['accept', 'end'].includes(decide(passive, policy, now).next))
    }),
  )
})

test('a record that a store finds over is over by every policy, not later than there', () => {
  fc.assert(
    fc.property(facts, policies, moment, (facts, policy, now) => {
      const { session, watermark } = facts
      // A store hands over a watermark only with what it covers.
      const covering = watermark !== null && session.createdAt <= watermark.at ? watermark : null
      const known = { ...facts, watermark: covering, seenAt: undefined }
      const over = overBy(session, covering, now)
      if (over === null) return
      const verdict = decide(known, policy, now)
      assert.ok(verdict.next === 'end' && verdict.endedAt <= over.at)
    }),
    { numRuns: 2_000 },
  )
})

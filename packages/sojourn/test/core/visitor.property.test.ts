import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { day } from '../../src/core/duration.ts'
import { type EndReason, endReasons } from '../../src/core/session.ts'
import { formatVisitor, nextVisitor, parseVisitor, type Visitor } from '../../src/core/visitor.ts'
import { minute, start } from '../../src/testing/fixtures.ts'
import { policyOf } from './policy-of.ts'

const policy = policyOf({})

interface Step {
  readonly after: number
  /** How long before the request the session had ended, and why. */
  readonly ended: { readonly ago: number; readonly reason: EndReason; readonly subject: string | null } | null
  readonly loggedOut: boolean
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    after: fc.nat(200 * day),
    ended: fc.option(
      fc.record({
        ago: fc.nat(10 * day),
        reason: fc.constantFrom(...endReasons),
        subject: fc.constantFrom('u-1', null),
      }),
      { nil: null },
    ),
    loggedOut: fc.boolean(),
  }),
  { maxLength: 30 },
)

test('AUR-11 no visitor id is seen a year after it was first seen, whatever happens', () => {
  fc.assert(
    fc.property(steps, (steps) => {
      const first = new Map<string, number>()
      let now = start
      let made = 0
      let visitor: Visitor | undefined
      for (const { after, ended, loggedOut } of steps) {
        now += after
        const facts = {
          ended: ended === null ? null : { ...ended, at: now - ended.ago },
          loggedOut,
        }
        visitor = nextVisitor(visitor, facts, policy, now, `${++made}`.padStart(22, '0'))
        const seen = first.get(visitor.uid) ?? now
        first.set(visitor.uid, seen)
        // One that answers a logout is issued after it: a millisecond later than it is first seen.
        assert.ok(now <= seen + 365 * day + 1)
      }
    }),
    { numRuns: 1_000 },
  )
})

test('AUR-10 whatever a request shows, the same request once more changes nothing', () => {
  const moment = fc.integer({ min: start - 400 * day, max: start + minute })
  fc.assert(
    fc.property(moment, moment, fc.constantFrom(...endReasons), (issuedAt, at, reason) => {
      const facts = { ended: { subject: 'u-1', reason, at }, loggedOut: false }
      const once = nextVisitor({ uid: 'a'.repeat(22), issuedAt }, facts, policy, start, 'b'.repeat(22))
      assert.equal(nextVisitor(once, facts, policy, start, 'c'.repeat(22)), once)
    }),
    { numRuns: 2_000 },
  )
})

test('what is written is read, and only that', () => {
  const uid = fc.stringMatching(/^[\w-]{22}$/)
  fc.assert(
    fc.property(uid, fc.maxSafeNat(), (uid, issuedAt) =>
      assert.deepEqual(parseVisitor(formatVisitor({ uid, issuedAt })), { uid, issuedAt }),
    ),
  )
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      const visitor = parseVisitor(text)
      if (visitor !== undefined) assert.equal(formatVisitor(visitor), text)
    }),
  )
})

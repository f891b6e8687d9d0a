import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { formAfter, formDeadline, type FormState, judgeForm } from '../../src/core/form.ts'
import { hour, start } from '../../src/testing/fixtures.ts'

const moment = fc.integer({ min: start, max: start + 4 * hour })
const policy = fc.record({ formTimeout: fc.option(fc.integer({ min: 1, max: hour }), { nil: null }) })
const state: fc.Arbitrary<FormState> = fc
  .tuple(moment, moment, fc.integer({ min: 1, max: 9 }))
  .map(([a, b, page]) => ({ startedAt: Math.min(a, b), page, answeredAt: Math.max(a, b) }))
const submit = fc.record({
  page: fc.integer({ min: 1, max: 9 }),
  state: fc.option(state, { nil: undefined }),
  endedAt: fc.option(moment, { nil: null }),
})

test('JAD-10 a form is monotone: a page that is not in time never is again, and its message stays', () => {
  fc.assert(
    fc.property(submit, policy, moment, fc.nat(4 * hour), (submit, policy, now, later) => {
      const first = judgeForm(submit, policy, now)
      if (first !== 'in_time') assert.equal(judgeForm(submit, policy, now + later), first)
    }),
    { numRuns: 2_000 },
  )
})

test('JAD-13 an answer never shortens the time for the next page', () => {
  fc.assert(
    fc.property(submit, policy, moment, (submit, policy, now) => {
      const before = submit.state === undefined ? null : formDeadline(submit.state, policy)
      const after = formDeadline(formAfter(submit, now), policy)
      if (policy.formTimeout === null) return assert.equal(after, null)
      assert.ok(after !== null && after >= now + policy.formTimeout)
      if (before !== null && submit.page > 1) assert.ok(after >= before)
    }),
  )
})

test('JAD-17 a page is in time only while its session lives', () => {
  fc.assert(
    fc.property(submit, policy, moment, (submit, policy, now) => {
      if (submit.endedAt !== null) assert.notEqual(judgeForm(submit, policy, now), 'in_time')
    }),
  )
})

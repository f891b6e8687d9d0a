import assert from 'node:assert/strict'
import test from 'node:test'
import {
  dangerouslyAllowLongForms,
  formAfter,
  formDeadline,
  type FormState,
  formWarning,
  judgeForm,
  readFormState,
} from '../../src/core/form.ts'
import { expandPolicy, layersOf } from '../../src/core/layers.ts'
import { resolvePolicy } from '../../src/core/policy.ts'
import type { Json } from '../../src/core/session.ts'
import { formSentences } from '../../src/core/words.ts'
import { hour, minute, start } from '../../src/testing/fixtures.ts'
import { policyOf } from './policy-of.ts'

const jadu = policyOf('jadu')

/** The form after page 1 was answered at `start`. */
const begun = formAfter({ page: 1, state: undefined }, start)

function judged(page: number, elapsed: number, state: FormState | undefined = begun, endedAt?: number) {
  const ended = endedAt === undefined ? null : start + endedAt
  return judgeForm({ page, state, endedAt: ended }, jadu, start + elapsed)
}

test('JAD-10 a page is in time at 10:00.000, late one millisecond later', () => {
  assert.equal(judged(2, 10 * minute), 'in_time')
  assert.equal(judged(2, 10 * minute + 1), 'form_timeout')
  assert.equal(formDeadline(begun, jadu), start + 10 * minute)
})

test('JAD-11 nothing is said until a page is submitted: the state alone holds no verdict', () => {
  assert.deepEqual(begun, { startedAt: start, page: 1, answeredAt: start })
  assert.equal(judged(2, 9 * minute), 'in_time')
})

test('JAD-12 the first page may stay open for hours: the time runs from its answer', () => {
  const open = { page: 1, state: undefined, endedAt: null }
  assert.equal(judgeForm(open, jadu, start + 5 * hour), 'in_time')
  const state = formAfter(open, start + 5 * hour)
  assert.equal(judgeForm({ page: 2, state, endedAt: null }, jadu, start + 5 * hour + 10 * minute), 'in_time')
  assert.equal(
    judgeForm({ page: 2, state, endedAt: null }, jadu, start + 5 * hour + 10 * minute + 1),
    'form_timeout',
  )
})

test('JAD-12 whoever comes back to the first page begins anew', () => {
  assert.equal(judged(1, 3 * hour), 'in_time')
  assert.deepEqual(formAfter({ page: 1, state: begun }, start + 3 * hour), {
    startedAt: start + 3 * hour,
    page: 1,
    answeredAt: start + 3 * hour,
  })
})

test('JAD-13 each page that was in time restarts the timer', () => {
  const second = formAfter({ page: 2, state: begun }, start + 9 * minute)
  assert.deepEqual(second, { startedAt: start, page: 2, answeredAt: start + 9 * minute })
  assert.equal(judged(3, 19 * minute, second), 'in_time')
  assert.equal(judged(3, 19 * minute + 1, second), 'form_timeout')
})

test('JAD-14 a setting of 3 minutes: in time at 3:00.000, late one millisecond later', () => {
  const three = policyOf({ extends: 'jadu', formTimeout: '3m' })
  const submit = { page: 2, state: begun, endedAt: null }
  assert.equal(judgeForm(submit, three, start + 3 * minute), 'in_time')
  assert.equal(judgeForm(submit, three, start + 3 * minute + 1), 'form_timeout')
})

test('without a limit a page may take as long as the session lives', () => {
  const submit = { page: 2, state: begun, endedAt: null }
  assert.equal(judgeForm(submit, policyOf({}), start + 90 * hour), 'in_time')
  assert.equal(formDeadline(begun, policyOf({})), null)
})

test('JAD-17 a session that was lost before the page was late has another code and other words', () => {
  assert.equal(judged(2, 12 * minute, begun, 8 * minute), 'session_lost')
  assert.equal(judged(2, 20 * minute, begun, 8 * minute), 'session_lost', 'and it stays the reason')
  assert.equal(judged(2, 20 * minute, begun, 10 * minute), 'session_lost', 'at a tie, too')
  assert.equal(judged(2, 20 * minute, begun, 15 * minute), 'form_timeout', 'the form was over first')
  assert.notEqual(formSentences.form_timeout, formSentences.session_lost)
})

test('JAD-17 a later page of which nothing is known any more: its session is lost', () => {
  const gone = { page: 2, state: undefined, endedAt: null }
  assert.equal(judgeForm(gone, jadu, start), 'session_lost')
  assert.equal(judgeForm(gone, policyOf({}), start), 'session_lost')
  assert.equal(
    judgeForm({ page: 1, state: undefined, endedAt: start }, jadu, start + 1),
    'session_lost',
    'a first page whose session ended under it',
  )
})

test('JAD-16 a form that may take as long as its session is refused, unless it is allowed in code', () => {
  const layers = layersOf(
    expandPolicy({ idleTimeout: '10m', formTimeout: '10m' }, 'policy'),
    { app: null, roles: [], method: null },
    undefined,
  )
  assert.throws(() => resolvePolicy(layers), { code: 'invalid_option', message: /^policy\.formTimeout: / })
  const { policy } = resolvePolicy(layers, { [dangerouslyAllowLongForms]: true })
  assert.equal(policy.formTimeout, 10 * minute)
  assert.match(formWarning(policy) ?? '', /^policy\.formTimeout is 10m, but a session may end after 10m: /)
})

test('JAD-16 no configuration file can carry the permission', () => {
  const fromFile = JSON.parse('{"dangerouslyAllowLongForms": true}') as object
  const layers = layersOf(
    expandPolicy({ idleTimeout: '10m', formTimeout: '11m' }, 'policy'),
    { app: null, roles: [], method: null },
    undefined,
  )
  assert.throws(() => resolvePolicy(layers, fromFile), { code: 'invalid_option' })
})

test('JAD-16 the whole life of a session is a limit as well', () => {
  assert.throws(() => policyOf({ idleTimeout: null, absoluteTimeout: '5m', formTimeout: '5m' }), {
    message: `policy.formTimeout: expected less than the session's whole life of 5m, got "5m"`,
  })
})

test('JAD-17 a form between the idle timeout and its ceiling works, with a warning', () => {
  const long = policyOf({ extends: 'jadu', formTimeout: '20m' })
  assert.match(formWarning(long) ?? '', /is 20m, but a session may end after 15m/)
  assert.match(
    formWarning(policyOf({ formTimeout: '45m' })) ?? '',
    /may end after 30m/,
    "a guest's session is the first",
  )
  assert.equal(formWarning(jadu), undefined)
  assert.equal(formWarning(policyOf({})), undefined)
})

test('a form whose clock went back keeps the later moment', () => {
  assert.equal(formAfter({ page: 2, state: begun }, start - minute).answeredAt, start)
})

test('the state is read back from session data, and nothing else passes for it', () => {
  assert.deepEqual(readFormState(JSON.parse(JSON.stringify(begun)) as Json), begun)
  for (const strange of [
    undefined,
    null,
    5,
    'x',
    [],
    {},
    { ...begun, page: '2' },
    { ...begun, answeredAt: 1.5 },
    { ...begun, startedAt: -1 },
  ])
    assert.equal(readFormState(strange), undefined)
})

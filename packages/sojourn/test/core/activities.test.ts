import assert from 'node:assert/strict'
import test from 'node:test'
import {
  activitiesIn,
  activitiesKey,
  activitiesPatch,
  activityKinds,
  activityLimits,
  readActivity,
} from '../../src/core/activities.ts'
import { start } from '../../src/testing/fixtures.ts'
import { policyOf } from './policy-of.ts'

test('PCA-01 page views, events, social interactions, e-commerce transactions, and what is custom', () => {
  assert.deepEqual(activityKinds, [
    'page_view',
    'event',
    'social_interaction',
    'ecommerce_transaction',
    'custom',
  ])
  for (const kind of activityKinds)
    assert.deepEqual(readActivity({ kind, name: 'o-17', data: { value: 12.5, currency: 'EUR' } }, start), {
      kind,
      at: start,
      name: 'o-17',
      data: { value: 12.5, currency: 'EUR' },
    })
})

test('PCA-01 SLI-30 what is no activity is refused by the member that does not fit', () => {
  const good = { kind: 'event', name: 'play' }
  for (const [input, message] of [
    [null, /^activity: expected a plain object/],
    [[good], /^activity: expected a plain object/],
    [{ ...good, kind: 'click' }, /^activity\.kind: expected one of page_view, /],
    [{ ...good, kind: 'toString' }, /^activity\.kind: /],
    [{ ...good, name: '' }, /^activity\.name: expected 1 to 200 characters/],
    [{ ...good, name: 'x'.repeat(201) }, /^activity\.name: /],
    [{ ...good, name: 5 }, /^activity\.name: /],
    [{ ...good, at: start + 1 }, /^activity\.at: expected a moment in milliseconds, not in the future/],
    [{ ...good, at: -1 }, /^activity\.at: /],
    [{ ...good, at: '2026' }, /^activity\.at: /],
    [{ ...good, data: [] }, /^activity\.data: expected a plain object/],
    [{ ...good, data: { a: { b: 1 } } }, /^activity\.data\.a: expected a text, a number/],
    [{ ...good, data: { a: Number.NaN } }, /^activity\.data\.a: expected a finite number/],
    [{ ...good, data: JSON.parse('{"__proto__": 1}') as object }, /^activity\.data\.__proto__: /],
    [{ ...good, data: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [i, i])) }, /at most 10 keys/],
    [{ ...good, data: { a: 'x'.repeat(activityLimits.length) } }, /at most 400 characters of JSON/],
  ] as const)
    assert.throws(() => readActivity(input, start), { code: 'invalid_data', message })
})

test('a moment may lie in the past; what is frozen stays as it is', () => {
  const activity = readActivity({ kind: 'event', name: 'play', at: start - 5 }, start)
  assert.equal(activity.at, start - 5)
  assert.deepEqual(activity.data, {})
  assert.ok(Object.isFrozen(activity) && Object.isFrozen(activity.data))
})

test('PCA-02 they are appended to the data of the session, and the newest stay', () => {
  const views = ['/a', '/b', '/c'].map((name) => readActivity({ kind: 'page_view', name }, start))
  assert.deepEqual(activitiesPatch(views, policyOf({ activitiesKept: 2 })), {
    append: { [activitiesKey]: { items: views.slice(1), most: 2 } },
  })
  assert.equal(activitiesPatch(views, policyOf({ activitiesKept: 0 })), undefined)
  assert.equal(activitiesPatch([], policyOf({})), undefined)
  assert.deepEqual(activitiesIn({ [activitiesKey]: views }), views)
  assert.deepEqual(activitiesIn({}), [])
  assert.deepEqual(activitiesIn({ [activitiesKey]: 'damaged' }), [])
})

test('as many as may be kept, each as long as may be, leave room for the application', () => {
  const activity = (length: number) =>
    readActivity(
      { kind: 'ecommerce_transaction', name: 'x'.repeat(200), data: { a: 'x'.repeat(length) } },
      start,
    )
  assert.equal(JSON.stringify(activity(123)).length, activityLimits.length)
  assert.throws(() => activity(124), { code: 'invalid_data' })
  assert.ok(50 * (activityLimits.length + 1) < 65_536 / 2)
  assert.throws(() => policyOf({ activitiesKept: 51 }), {
    message: 'policy.activitiesKept: expected a whole number from 0 to 50, got 51',
  })
})

import assert from 'node:assert/strict'
import test from 'node:test'
import { draftFor, draftOf, type FormAnswer, longestDraft } from '../../src/core/form-draft.ts'
import type { Json } from '../../src/core/session.ts'
import { start } from '../../src/testing/fixtures.ts'

const secrets = ['password']
const draft = (answers: readonly FormAnswer[], subject: string | null = 'u-1') =>
  draftOf({ subject, page: 3, answers, secrets }, start)

test('JAD-11 the answers of a late page are kept in their order, but its secrets are not', () => {
  const answers = [
    ['name', 'Ada'],
    ['topic', 'a'],
    ['topic', 'b'],
    ['password', 'hunter2'],
  ] as const
  assert.deepEqual(draft(answers), {
    subject: 'u-1',
    page: 3,
    savedAt: start,
    answers: answers.slice(0, 3),
    omitted: ['password'],
  })
})

test('JAD-11 what there is no room for is named, and the rest is kept', () => {
  const { answers, omitted } = draft([
    ['name', 'Ada'],
    ['essay', 'x'.repeat(longestDraft)],
    ['town', 'London'],
  ])
  assert.deepEqual(answers, [
    ['name', 'Ada'],
    ['town', 'London'],
  ])
  assert.deepEqual(omitted, ['essay'])
  const whole = 'x'.repeat(longestDraft - 5)
  assert.deepEqual(draft([['essay', whole]]).omitted, [])
  assert.deepEqual(draft([['essay', `${whole}x`]]).omitted, ['essay'])
})

test('JAD-11 a draft is for the one whose answers it holds; the next at the same computer does not read it', () => {
  const kept = JSON.parse(JSON.stringify(draft([['name', 'Ada']]))) as Json
  assert.deepEqual(draftFor(kept, 'u-1')?.answers, [['name', 'Ada']])
  assert.equal(draftFor(kept, 'u-2'), undefined)
  assert.equal(draftFor(kept, null), undefined)
})

test("a guest's draft belongs to whoever goes on in the session", () => {
  const kept = draft([['name', 'Ada']], null)
  assert.deepEqual(draftFor(kept, null), kept)
  assert.deepEqual(draftFor(kept, 'u-1'), kept)
})

test('what is no draft is none', () => {
  for (const strange of [undefined, null, 5, 'x', [], {}, { subject: 'u-1' }, { answers: [] }])
    assert.equal(draftFor(strange, 'u-1'), undefined)
})

test('a field may have any name', () => {
  const answers = [
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ] as const
  assert.deepEqual(draft(answers).answers, answers)
})

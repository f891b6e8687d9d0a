import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minute } from '../../src/core/duration.ts'
import { createSessions } from '../../src/create-sessions.ts'
import { memory } from '../../src/stores/memory.ts'
import { FakeClock } from '../../src/testing/clock.ts'
import type { FormAnswers } from '../../src/web/form.ts'
import { isReply, openVisit } from '../../src/web/open.ts'
import { AnExchange } from './an-exchange.ts'

async function lateDraft(answers: FormAnswers) {
  const clock = new FakeClock()
  const auth = createSessions({ store: memory(), clock, policy: { formTimeout: '10m' }, sweepEvery: null })
  const visit = await openVisit(auth, auth.web, new AnExchange(), () => {})
  assert.ok(!isReply(visit))
  const form = visit.form('parking')
  assert.deepEqual(await form.submit(1, {}), { verdict: 'in_time' })
  clock.advance(10 * minute + 1)
  const outcome = await form.submit(2, answers, { secrets: ['pin'] })
  assert.ok(outcome.verdict === 'form_timeout')
  return { draft: outcome.draft, form, visit }
}

test('JAD-11 answers come as parsers give them: by field, in pairs, or as parameters', async () => {
  const expected = [
    ['street', 'High Street'],
    ['colour', 'red'],
    ['colour', 'blue'],
  ]
  const given: readonly FormAnswers[] = [
    { street: 'High Street', colour: ['red', 'blue'], pin: '1', left: undefined },
    new URLSearchParams('street=High%20Street&colour=red&colour=blue&pin=1'),
    [...expected, ['pin', '1']] as unknown as FormAnswers,
  ]
  for (const answers of given) {
    const { draft } = await lateDraft(answers)
    assert.deepEqual([draft.answers, draft.omitted], [expected, ['pin']])
  }
})

test('a form that was sent whole, or given up, is forgotten', async () => {
  const { form, visit } = await lateDraft({ street: 'High Street' })
  assert.equal(form.draft?.page, 2)
  form.close()
  assert.deepEqual([form.draft, form.deadline], [null, null])
  await visit.finish()
  assert.deepEqual(visit.form('parking').draft, null)
})

test('JAD-13 a form has begun with its first page, whichever page came last', async () => {
  const clock = new FakeClock()
  const auth = createSessions({ store: memory(), clock, policy: { formTimeout: '10m' }, sweepEvery: null })
  const visit = await openVisit(auth, auth.web, new AnExchange(), () => {})
  assert.ok(!isReply(visit))
  const startedAt = clock.now()
  for (const page of [1, 2, 3]) {
    assert.deepEqual(await visit.form('parking').submit(page, {}), { verdict: 'in_time' })
    clock.advance(minute)
  }
  const answeredAt = startedAt + 2 * minute
  assert.deepEqual(visit.get('form:parking:state'), { startedAt, page: 3, answeredAt })
  assert.equal(visit.form('parking').deadline, answeredAt + 10 * minute)
})

test('forms of different names do not meet, whatever they are called', async () => {
  const { visit } = await lateDraft({ street: 'High Street' })
  for (const name of ['parking:draft', 'parking:state', 'park', '__proto__', ''])
    assert.deepEqual([visit.form(name).draft, visit.form(name).deadline], [null, null], name)
})

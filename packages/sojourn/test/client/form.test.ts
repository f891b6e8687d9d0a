import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sendForm } from '../../src/client/form.ts'
import { formSentences } from '../../src/core/words.ts'

const answers = new URLSearchParams({ colour: 'red' })

function sent(answer: Response) {
  return sendForm(() => Promise.resolve(answer), 'https://app.example/permit/2', answers)
}

test('JAD-10 JAD-17 a page that was late and a session that was lost are two codes with two sentences', async () => {
  const said = []
  for (const error of ['form_timeout', 'session_lost'] as const) {
    const { verdict, ...rest } = await sent(
      Response.json({ error, message: formSentences[error] }, { status: 409 }),
    )
    said.push(verdict, 'message' in rest && rest.message)
  }
  assert.deepEqual(said, [
    'form_timeout',
    formSentences.form_timeout,
    'session_lost',
    formSentences.session_lost,
  ])
})

test('JAD-17 where nobody is signed in any more the session was lost', async () => {
  const headers = { 'content-type': 'application/problem+json' }
  for (const error of ['login_required', 'inactive_session']) {
    const outcome = await sent(
      new Response(JSON.stringify({ error, detail: 'No.' }), { status: 401, headers }),
    )
    assert.equal(outcome.verdict, 'session_lost')
    assert.equal('message' in outcome && outcome.message, 'No.')
  }
})

test('any other answer is the form’s own, and can still be read', async () => {
  for (const answer of [
    Response.json({ error: 'form_timeout' }),
    Response.json({ error: 'too_long' }, { status: 422 }),
    new Response('{', { status: 409, headers: { 'content-type': 'application/json' } }),
    new Response('form_timeout', { status: 409 }),
  ]) {
    const outcome = await sent(answer)
    assert.equal(outcome.verdict, 'in_time')
    await outcome.answer.text()
  }
})

test('JAD-11 what is sent is what stands in the fields, and a failure leaves it with the caller', async () => {
  let body: unknown
  const fetch = (_: unknown, init?: RequestInit): Promise<Response> => {
    body = init?.body
    return Promise.reject(new TypeError('offline'))
  }
  await assert.rejects(sendForm(fetch, 'https://app.example/permit/2', answers), /offline/)
  assert.equal(String(body), 'colour=red')
})

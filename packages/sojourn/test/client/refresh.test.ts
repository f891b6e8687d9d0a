import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sessionFetch } from '../../src/client/refresh.ts'
import type { Reply } from '../../src/web/exchange.ts'
import { freshLoginRequired, loginRequired, tryAgain } from '../../src/web/reply.ts'
import { sessionExpires } from '../../src/web/expires-header.ts'
import { AnExchange } from '../web/an-exchange.ts'

const answerOf = ({ status, headers, body }: Reply): Response =>
  new Response(body, { status, headers: headers.map(([name, value]): [string, string] => [name, value]) })

/** A server that gives these answers in turn, and what it was sent. */
function aServer(...replies: readonly (Reply | Response)[]) {
  const sent: string[] = []
  const waited: number[] = []
  const refused: string[] = []
  const told: unknown[] = []
  const fetch = sessionFetch({
    async fetch(input, init) {
      const request = new Request(input, init)
      sent.push(`${request.method} ${request.headers.get('content-type') ?? ''} ${await request.text()}`)
      const reply = replies[sent.length - 1]
      assert.ok(reply, 'it was asked more often than it has answers')
      return reply instanceof Response ? reply : answerOf(reply)
    },
    wait: async (delay) => void waited.push(delay),
    onRefused: (reason) => refused.push(reason),
    onExpiry: (expiry) => told.push(expiry),
  })
  return { fetch, sent, waited, refused, told }
}

const url = 'https://app.example/orders'
const post = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"n":1}' }
const overtaken = tryAgain(new AnExchange({}, { method: 'POST' }))
const fine = { status: 200, headers: [], body: 'taken' } as const

test('SLI-40 a request that another one has overtaken is sent once more, as it was, and its caller sees one answer', async () => {
  const { fetch, sent, refused, waited } = aServer(overtaken, fine)
  const answer = await fetch(url, post)
  assert.equal(await answer.text(), 'taken')
  assert.deepEqual(sent, ['POST application/json {"n":1}', 'POST application/json {"n":1}'])
  assert.deepEqual([refused, waited], [[], [0]], 'nobody was signed out')
})

test('SLI-40 never a third time', async () => {
  const { fetch, sent, refused } = aServer(overtaken, overtaken)
  const answer = await fetch(url, post)
  assert.deepEqual([answer.status, sent.length, refused], [401, 2, []])
})

test('a server may say how long to wait, and not for how long it likes', async () => {
  for (const [seconds, delay] of [
    ['2', 2_000],
    ['9000', 5_000],
    ['soon', 0],
  ] as const) {
    const headers = [
      ...overtaken.headers.filter(([name]) => name !== 'Retry-After'),
      ['Retry-After', seconds] as const,
    ]
    const { fetch, waited } = aServer({ ...overtaken, headers }, fine)
    await fetch(url, post)
    assert.deepEqual(waited, [delay])
  }
})

test('P-11 a refusal because nobody is signed in is told with its reason, once, and handed on whole', async () => {
  const { fetch, sent, refused } = aServer(loginRequired(new AnExchange(), '/login', 'evicted_by_limit'))
  const answer = await fetch(url, post)
  assert.deepEqual([sent.length, refused], [1, ['evicted_by_limit']])
  assert.equal(((await answer.json()) as { reason: string }).reason, 'evicted_by_limit')
})

test('a step-up ends nothing, nor does any other 401 or any other status', async () => {
  const stepUp = freshLoginRequired(new AnExchange(), '/login', {
    ok: false,
    error: 'insufficient_user_authentication',
    reason: 'reauth_required',
    max_age: 60,
    authenticated_at: null,
  })
  const json = { 'content-type': 'application/problem+json' }
  const body = '{"error":"login_required","reason":"idle_timeout"}'
  for (const reply of [
    stepUp,
    new Response(body, { status: 401, headers: { 'content-type': 'application/json' } }),
    new Response(body, { status: 403, headers: json }),
    new Response('{', { status: 401, headers: json }),
    new Response('{"error":"login_required","reason":7}', { status: 401, headers: json }),
  ]) {
    const { fetch, sent, refused } = aServer(reply)
    await fetch(url)
    assert.deepEqual([sent.length, refused], [1, []])
  }
})

test('what another origin says of its sessions is nothing of ours', async () => {
  const foreign = (reply: Reply): Response => {
    const answer = answerOf(reply)
    Object.defineProperty(answer, 'type', { value: 'cors' })
    return answer
  }
  const ended = loginRequired(new AnExchange(), '/login', 'idle_timeout')
  const expires = ['Session-Expires', sessionExpires({ idle: 1, absolute: 2, now: 3 })] as const
  for (const reply of [overtaken, { ...ended, headers: [...ended.headers, expires] }]) {
    const { fetch, sent, refused, told } = aServer(foreign(reply))
    await fetch(url)
    assert.deepEqual([sent.length, refused, told], [1, [], []])
  }
})

test('AUR-19 every answer that says when the session ends is told', async () => {
  const expiry = { idle: 1, absolute: null, now: 3 }
  const headers = [['Session-Expires', sessionExpires(expiry)]] as const
  const { fetch, told } = aServer(overtaken, { ...fine, headers }, fine)
  await fetch(url)
  assert.deepEqual(told, [expiry])
  await fetch(url)
  assert.deepEqual(told, [expiry], 'an answer without it says nothing')
})

test('a network that fails is the caller’s to hear of', async () => {
  const fetch = sessionFetch({ fetch: () => Promise.reject(new TypeError('offline')), wait: async () => {} })
  await assert.rejects(fetch(url), /offline/)
})

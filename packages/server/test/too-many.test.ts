import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { password } from './a-server.ts'
import type { Answer, Browser } from './browser.ts'
import { aFactorServer, byPasskey, email, type FactorTest } from './factors/factor-server.ts'

type Attempt = (server: FactorTest, count: number) => Promise<Answer>

interface Way {
  /** How many attempts of one network cost nothing. */
  readonly free: number
  /** What they are answered. */
  readonly answer: number
  readonly prepare?: (server: FactorTest) => Promise<Attempt>
  readonly attempt?: Attempt
}

const form = { 'content-type': 'application/x-www-form-urlencoded' }

/** A program, which hears problem details. */
const post = (browser: Browser, path: string, fields: { readonly [name: string]: string }) =>
  browser.submit(path, fields, { ...form, accept: 'application/json', 'sec-fetch-mode': 'cors' })

const wrongLink =
  (path: string): Attempt =>
  (server, count) =>
    post(server.browser(), path, { token: `${'A'.repeat(40)}${count % 10}`, password: 'a new password' })

/** Every way in, and what leads to one. */
const ways: { readonly [name: string]: Way } = {
  'a password, for many accounts': {
    free: 50,
    answer: 401,
    attempt: (server, count) =>
      post(server.browser(), '/login', { email: `x${count}@example.com`, password: 'wrong' }),
  },
  'asking for a link by mail': {
    free: 20,
    answer: 200,
    attempt: (server, count) => post(server.browser(), '/login/link', { email: `x${count}@example.com` }),
  },
  'asking for a reset': {
    free: 20,
    answer: 200,
    attempt: (server, count) => post(server.browser(), '/login/reset', { email: `x${count}@example.com` }),
  },
  'a link that opens nothing': { free: 50, answer: 404, attempt: wrongLink('/login/link/enter') },
  'a link of a reset that opens nothing': {
    free: 50,
    answer: 404,
    attempt: wrongLink('/login/reset/password'),
  },
  'a sign-up': {
    free: 20,
    answer: 200,
    attempt: (server, count) => {
      const fields = { name: 'X', email: `x${count}@example.com`, password: 'a long enough password' }
      return post(server.browser(), '/signup', fields)
    },
  },
  'a passkey that opens nothing': {
    free: 50,
    answer: 401,
    attempt: (server) => post(server.browser(), '/login/passkey', { response: '{}' }),
  },
  'a code of the second step, for one account': {
    free: 5,
    answer: 401,
    async prepare(server) {
      await server.person(email)
      await server.setUpApp(await server.signedIn(email))
      const waiting = await server.firstStep()
      return () => post(waiting, '/login/second', { code: '000000' })
    },
  },
}

for (const [name, { free, answer, prepare, attempt }] of Object.entries(ways))
  test(`R-77 ${name}: too many are answered 429 with Retry-After, and after it goes on`, async (t) => {
    const server = await aFactorServer(t)
    const tryOnce = (await prepare?.(server)) ?? attempt ?? assert.fail()
    for (let i = 0; i < free; i++) assert.equal((await tryOnce(server, i)).status, answer, `${i}`)
    await refusedUntil(server, () => tryOnce(server, free), answer)
  })

test('R-77 a good passkey and a good link are no failures, whatever else was shown from there', async (t) => {
  const { server, passkey } = await withPasskey(t)
  for (let i = 0; i < 60; i++) assert.equal((await byPasskey(server.browser(), passkey)).status, 303)
  for (let i = 0; i < 49; i++) assert.equal((await wrongLink('/login/link/enter')(server, i)).status, 404)
  assert.equal((await byPasskey(server.browser(), passkey)).status, 303)
  // Who tries links keeps nobody there from their password.
  await wrongLink('/login/link/enter')(server, 50)
  assert.equal((await wrongLink('/login/link/enter')(server, 51)).status, 429)
  assert.equal((await post(server.browser(), '/login', { email, password })).status, 303)
})

async function refusedUntil(
  server: FactorTest,
  tryOnce: () => Promise<Answer>,
  answer: number,
): Promise<void> {
  const refused = await tryOnce()
  assert.equal(refused.status, 429)
  assert.equal(refused.headers['retry-after'], '1')
  assert.equal(refused.headers['content-type'], 'application/problem+json')
  assert.partialDeepStrictEqual(refused.json(), { status: 429, error: 'too_many_attempts' })
  server.clock.advance(999)
  assert.equal((await tryOnce()).status, 429)
  server.clock.advance(1)
  assert.equal((await tryOnce()).status, answer)
}

async function withPasskey(t: TestContext) {
  const server = await aFactorServer(t)
  await server.person(email)
  return { server, passkey: await server.addPasskey(await server.signedIn(email)) }
}

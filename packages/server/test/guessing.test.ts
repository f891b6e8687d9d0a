import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Busy } from '../src/accounts/gate.ts'
import { Passwords } from '../src/accounts/passwords.ts'
import { aServer, cheap, password } from './a-server.ts'

const second = 1_000

test('R-78 A-23 unknown, wrong, disabled and locked get the same answer after the same work', async (t) => {
  const passwords = new CountingPasswords({ cost: cheap })
  const server = await aServer(t, { passwords })
  const browser = server.browser()
  await server.person('uma@example.com')
  const gone = await server.person('gone@example.com')
  await server.accounts.disable(gone.id)
  await server.person('locked@example.com')
  for (let i = 0; i < 5; i++)
    await browser.submit('/login', { email: 'locked@example.com', password: 'wrong' })

  passwords.verified = 0
  const tried = [
    { email: 'nobody@example.com', password },
    { email: 'uma@example.com', password: 'wrong password' },
    { email: 'gone@example.com', password },
    { email: 'locked@example.com', password },
    { email: '', password: '' },
    { email: 'uma@example.com', password: 'x'.repeat(2_000) },
    { email: `${'x'.repeat(1_000)}@example.com`, password },
  ]
  const answers = []
  for (const fields of tried) {
    const { status, text, headers } = await browser.submit('/login', fields)
    answers.push({
      status,
      text: text.replaceAll(fields.email, ''),
      headers: { ...headers, date: '', 'x-request-id': '', 'content-length': '' },
    })
  }
  const [first, ...others] = answers
  assert.equal(first?.status, 401)
  for (const answer of others.filter((_, index) => index !== 3)) assert.deepEqual(answer, first)
  assert.equal(passwords.verified, tried.length)
})

test('after five failures an account waits, twice as long each time, and a success begins anew', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const browser = server.browser()
  const tryWith = async (written: string) =>
    (await browser.submit('/login', { email: 'Uma@Example.com', password: written })).status
  for (let i = 0; i < 5; i++) assert.equal(await tryWith('wrong'), 401)
  assert.equal(await tryWith(password), 401)
  server.clock.advance(second - 1)
  assert.equal(await tryWith(password), 401)
  server.clock.advance(1)
  assert.equal(await tryWith('wrong'), 401)
  server.clock.advance(2 * second - 1)
  assert.equal(await tryWith(password), 401)
  server.clock.advance(1)
  assert.equal(await tryWith(password), 303)
  for (let i = 0; i < 4; i++) assert.equal(await tryWith('wrong'), 401)
  assert.equal(await tryWith(password), 303)
})

test('R-77 strangers who guess keep nobody out: another network gets in, and the owner’s device everywhere', async (t) => {
  const server = await aServer(t, { config: { trustProxy: 1 } })
  await server.person('uma@example.com')
  const from = (ip: string) => ({ 'x-forwarded-for': ip })
  const guess = (ip: string) =>
    server.browser().submit('/login', { email: 'uma@example.com', password: 'a guess' }, from(ip))
  const signIn = (browser = server.browser(), ip = '192.0.2.1') =>
    browser.submit('/login', { email: 'uma@example.com', password }, from(ip))
  const own = server.browser()
  assert.equal((await signIn(own)).status, 303)
  await own.submit('/logout', {}, { 'sec-fetch-site': 'same-origin' })
  for (let i = 0; i < 9; i++) await guess('203.0.113.1')
  assert.equal((await signIn(undefined, '203.0.113.1')).status, 401)
  assert.equal((await signIn()).status, 303)
  // So many guessers close the account for new devices, and not for hers, not even in their midst.
  for (let i = 2; i < 30; i++) for (let k = 0; k < 5; k++) await guess(`203.0.113.${i}`)
  assert.equal((await signIn()).status, 401)
  assert.equal((await signIn(own)).status, 303)
  assert.equal((await signIn(own, '203.0.113.1')).status, 303)
  server.clock.advance(5 * 60 * second)
  assert.equal((await signIn()).status, 303)
})

test('R-77 a sign-in that nobody had the time to judge is no failed one', async (t) => {
  const passwords = new CountingPasswords({ cost: cheap })
  const server = await aServer(t, { passwords })
  await server.person('uma@example.com')
  const browser = server.browser()
  const signIn = () => browser.submit('/login', { email: 'uma@example.com', password })
  for (const [failure, status] of [
    [new Busy('64 wait already'), 503],
    [new Error('out of memory'), 500],
  ] as const) {
    passwords.failure = failure
    for (let i = 0; i < 60; i++) assert.equal((await signIn()).status, status)
    passwords.failure = undefined
    assert.equal((await signIn()).status, 303)
  }
})

test('guesses that come at once are not all judged by one old count', async (t) => {
  const passwords = new CountingPasswords({ cost: cheap })
  const server = await aServer(t, { passwords })
  await server.person('uma@example.com')
  const browser = server.browser()
  const guesses = Array.from({ length: 29 }, (_, index) => `guess number ${index}`)
  const answers = await Promise.all(
    [...guesses, password].map((guess) =>
      browser.submit('/login', { email: 'uma@example.com', password: guess }),
    ),
  )
  assert.ok(answers.every(({ status }) => status === 401))
})

test('R-77 one network that tries many accounts is told to wait, and no password of it is looked at', async (t) => {
  const passwords = new CountingPasswords({ cost: cheap })
  const server = await aServer(t, { passwords })
  await server.person('uma@example.com')
  const browser = server.browser()
  for (let i = 0; i < 50; i++)
    await browser.submit('/login', { email: `x${i}@example.com`, password: 'wrong' })
  passwords.verified = 0
  const refused = await browser.submit('/login', { email: 'uma@example.com', password })
  assert.equal(refused.status, 429)
  assert.equal(refused.headers['retry-after'], '1')
  assert.match(refused.text, /Try again in 1 second\./)
  // Headers that anybody can send make it no other address.
  const spoofed = { 'x-forwarded-for': '198.51.100.1', forwarded: 'for=198.51.100.1' }
  assert.equal((await browser.submit('/login', { email: 'uma@example.com', password }, spoofed)).status, 429)
  assert.equal(passwords.verified, 0)
  server.clock.advance(second)
  assert.equal((await browser.submit('/login', { email: 'uma@example.com', password })).status, 303)
})

test('who has waited too long to be hashed is told to try again', async (t) => {
  const passwords = new Passwords({ atOnce: 1, waiting: 1 })
  const server = await aServer(t, { passwords })
  await server.person('uma@example.com')
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      server.browser().submit('/login', { email: `x${index}@example.com`, password }),
    ),
  )
  const busy = answers.filter(({ status }) => status === 503)
  assert.ok(busy.length > 0)
  assert.ok(busy.every(({ headers }) => headers['retry-after'] === '5'))
  assert.equal((await server.browser().submit('/login', { email: 'uma@example.com', password })).status, 303)
})

class CountingPasswords extends Passwords {
  verified = 0
  failure: Error | undefined
  override verify(...given: Parameters<Passwords['verify']>): ReturnType<Passwords['verify']> {
    this.verified++
    if (this.failure !== undefined) return Promise.reject(this.failure)
    return super.verify(...given)
  }
}

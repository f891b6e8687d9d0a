import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Passwords } from '../src/accounts/passwords.ts'
import { aServer, cheap, password } from './a-server.ts'

const good = { name: 'Uma', email: 'uma@example.com', password }

test('whoever signs up is signed in, and led back to where they came from', async (t) => {
  const server = await aServer(t)
  const browser = server.browser()
  const answer = await browser.submit('/signup', { ...good, return_to: '/account/sessions?x=1' })
  assert.equal(answer.location, '/account/sessions?x=1')
  assert.equal((await browser.go('/account/sessions')).status, 200)
  const [account] = [await server.accounts.findByEmail('uma@example.com')]
  assert.deepEqual(account?.roles, ['user'])
  assert.equal(
    (await server.browser().submit('/signup', { ...good, email: 'b@example.com', return_to: '//evil' }))
      .location,
    '/',
  )
})

test('what does not fit is told by field; what was typed comes back, the password does not', async (t) => {
  const server = await aServer(t)
  const browser = server.browser()
  const bad = [
    [{ ...good, name: '' }, /Expected a name/],
    [{ ...good, email: 'uma' }, /Expected an e-mail address/],
    [{ ...good, password: '1234567' }, /at least 8 characters/],
    [{ ...good, password: 'x'.repeat(1_025) }, /at most 1024 bytes/],
  ] as const
  for (const [fields, says] of bad) {
    const { status, text } = await browser.submit('/signup', fields)
    assert.equal(status, 400)
    assert.match(text, says)
    if (fields.email !== '') assert.ok(text.includes(`value="${fields.email}"`))
    assert.ok(!text.includes(fields.password))
  }
  assert.equal(browser.cookie, '')
  assert.equal(await server.accounts.findByEmail(good.email), undefined)
})

test('an address that has an account is told so, whatever its case, and the account stays as it is', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const answer = await server
    .browser()
    .submit('/signup', { ...good, email: 'UMA@example.com', password: 'another password' })
  assert.equal(answer.status, 400)
  assert.match(answer.text, /has an account already/)
  assert.equal((await server.browser().submit('/login', { email: 'uma@example.com', password })).status, 303)
})

test('a name is text, not markup', async (t) => {
  const server = await aServer(t)
  const browser = server.browser()
  await browser.submit('/signup', { ...good, name: '<script>alert(1)</script>' })
  const { text } = await browser.open('/')
  assert.ok(!text.includes('<script>'))
  assert.ok(text.includes('&lt;script&gt;'))
})

test('where the settings close it, there is no sign-up', async (t) => {
  const server = await aServer(t, { env: { SOJOURN_SIGNUP: 'false' } })
  assert.equal((await server.browser().go('/signup')).status, 404)
  assert.equal((await server.browser().submit('/signup', good)).status, 404)
  assert.equal(await server.accounts.findByEmail(good.email), undefined)
  assert.ok(!(await server.browser().go('/login')).text.includes('href="/signup'))
})

test('where the policy lets nobody in, a new account is told', async (t) => {
  const server = await aServer(t, { config: { policy: { limit: 0 } } })
  const answer = await server.browser().submit('/signup', good)
  assert.equal(answer.status, 403)
  assert.match(answer.text, /limit of sessions is 0/)
})

test('R-77 a network that signs up again and again is told to wait, whether its addresses are taken or not', async (t) => {
  const passwords = new Passwords({ cost: cheap })
  const server = await aServer(t, { passwords })
  await server.person('taken@example.com')
  const statuses = []
  for (let i = 0; i < 20; i++) {
    const email = i % 2 === 0 ? 'taken@example.com' : `new${i}@example.com`
    statuses.push((await server.browser().submit('/signup', { ...good, email })).status)
  }
  assert.deepEqual(
    statuses,
    Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 400 : 303)),
  )
  for (const email of ['taken@example.com', 'another@example.com']) {
    const answer = await server.browser().submit('/signup', { ...good, email })
    assert.equal(answer.status, 429)
    assert.equal(answer.headers['retry-after'], '1')
  }
  assert.equal(await server.accounts.findByEmail('another@example.com'), undefined)
  server.clock.advance(1_000)
  assert.equal((await server.browser().submit('/signup', good)).status, 303)
})

test('A-23 a sign-up hashes a password whether the address is taken or not', async (t) => {
  let hashed = 0
  class Counting extends Passwords {
    override hash(...given: Parameters<Passwords['hash']>): Promise<string> {
      hashed++
      return super.hash(...given)
    }
  }
  const server = await aServer(t, { passwords: new Counting({ cost: cheap }) })
  await server.person('taken@example.com')
  hashed = 0
  await server.browser().submit('/signup', { ...good, email: 'taken@example.com' })
  assert.equal(hashed, 1)
  await server.browser().submit('/signup', good)
  assert.equal(hashed, 2)
})

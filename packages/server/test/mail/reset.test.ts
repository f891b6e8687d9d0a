import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from 'sojourn'
import { minute } from 'sojourn/core'
import { memory } from 'sojourn/stores/memory'
import { firefox } from '../browser.ts'
import { failingStore } from '../failing-store.ts'
import { idOf, password } from '../a-server.ts'
import { aMailingServer, type MailingTest, tokenOf } from '../mail-server.ts'

const email = 'uma@example.com'
const fresh = 'a wholly new password'

async function askedLink(server: MailingTest): Promise<string> {
  assert.equal((await server.browser().submit('/login/reset', { email })).status, 200)
  return server.link(email)
}

function save(server: MailingTest, link: string, chosen = fresh) {
  return server.browser().submit('/login/reset/password', { token: tokenOf(link), password: chosen })
}

test('PCA-07 R-21 a password that is reset by mail ends all sessions and all remembered devices, and is told', async (t) => {
  const server = await aMailingServer(t)
  await server.person(email)
  const desktop = await server.signedIn(email)
  const phone = await server.signedIn(email, firefox, { remember: 't' })
  const ids = [await idOf(desktop), await idOf(phone)]
  const link = await askedLink(server)
  const shown = await server.browser().go(link)
  assert.match(shown.text, /autocomplete="new-password"/)
  assert.equal((await save(server, link)).location, '/login?reason=password_reset')

  for (const id of ids) assert.equal((await server.sessions.get(id))?.endReason, 'credential_changed')
  for (const browser of [desktop, phone])
    assert.match((await browser.go('/account/sessions')).location ?? '', /reason=credential_changed/)
  assert.equal((await server.browser().submit('/login', { email, password })).status, 401)
  assert.equal((await server.browser().submit('/login', { email, password: fresh })).status, 303)
  const told = server.lines.filter((line) => line.includes('"event":"credential.changed"'))
  assert.equal(told.length, 1)
  const letters = await server.to(email)
  assert.match(letters.at(-1)?.subject ?? '', /Your password .* was changed/)
  assert.ok((await server.accounts.findByEmail(email))?.emailVerifiedAt !== null)
})

test('the link of a reset works once, and any other that was sent before no more', async (t) => {
  const server = await aMailingServer(t)
  await server.person(email)
  const [first, second] = [await askedLink(server), await askedLink(server)]
  assert.notEqual(first, second)
  assert.equal((await save(server, first)).status, 303)
  for (const link of [first, second]) {
    assert.equal((await server.browser().go(link)).status, 404)
    assert.equal((await save(server, link, 'another password')).status, 404)
  }
  assert.equal((await server.browser().submit('/login', { email, password: fresh })).status, 303)
})

test('of many who use the link of a reset at once one sets the password', async (t) => {
  const server = await aMailingServer(t)
  await server.person(email)
  const link = await askedLink(server)
  const chosen = Array.from({ length: 8 }, (_, i) => `password number ${i}`)
  const answers = await Promise.all(chosen.map((one) => save(server, link, one)))
  const winners = chosen.filter((_, i) => answers[i]?.status === 303)
  assert.equal(winners.length, 1)
  const [winner = ''] = winners
  assert.equal((await server.browser().submit('/login', { email, password: winner })).status, 303)
})

test('the link of a reset is good for 30 minutes, and not one millisecond longer', async (t) => {
  const server = await aMailingServer(t)
  await server.person(email)
  const [early, late] = [await askedLink(server), await askedLink(server)]
  server.clock.advance(30 * minute)
  assert.equal((await server.browser().go(late)).status, 200)
  server.clock.advance(1)
  assert.equal((await server.browser().go(late)).status, 404)
  assert.equal((await save(server, late)).status, 404)
  const again = await askedLink(server)
  server.clock.advance(30 * minute)
  assert.equal((await save(server, again)).status, 303)
  assert.equal((await server.browser().go(early)).status, 404)
})

test('a password that is none spends no link', async (t) => {
  const server = await aMailingServer(t)
  await server.person(email)
  const link = await askedLink(server)
  const answer = await save(server, link, 'short')
  assert.equal(answer.status, 400)
  assert.match(answer.text, /at least 8 characters/)
  assert.equal((await save(server, link)).status, 303)
})

test('A-23 R-78 asking for a letter says the same for every address, and one without a usable account gets none', async (t) => {
  const server = await aMailingServer(t)
  await server.person(email)
  const closed = await server.person('closed@example.com')
  await server.accounts.disable(closed.id)
  for (const path of ['/login/reset', '/login/link']) {
    const answers = []
    for (const one of [email, 'closed@example.com', 'nobody@example.com', 'no address']) {
      const { status, text, headers } = await server.browser().submit(path, { email: one })
      const { date: _, 'x-request-id': __, ...rest } = headers
      answers.push({ status, text, headers: rest })
    }
    for (const answer of answers) assert.deepEqual(answer, answers[0])
  }
  assert.deepEqual([(await server.to(email)).length, server.mail.letters.length], [2, 2])
})

test('A-07 whoever asked for a reset, or looks at its link, is nobody yet', async (t) => {
  const server = await aMailingServer(t)
  await server.person(email)
  const browser = server.browser()
  await browser.submit('/login/reset', { email })
  await browser.go(await server.link(email))
  assert.match((await browser.go('/account')).location ?? '', /^\/login/)
  await browser.submit('/login/reset/password', { token: tokenOf(await server.link(email)), password: fresh })
  assert.match((await browser.go('/account')).location ?? '', /^\/login/)
})

test('a link that was sent to an address opens nothing once the account has another one, or is disabled', async (t) => {
  const server = await aMailingServer(t)
  const { id } = await server.person(email)
  const link = await askedLink(server)
  await server.accounts.setEmail(id, 'other@example.com', true)
  assert.equal((await save(server, link)).status, 404)
  await server.accounts.setEmail(id, email, true)
  const again = await askedLink(server)
  await server.accounts.disable(id)
  assert.equal((await save(server, again)).status, 404)
})

test('links lead to the address of the settings, whatever the request says of the host', async (t) => {
  const server = await aMailingServer(t)
  await server.person(email)
  const headers = { host: 'evil.example', origin: 'http://evil.example', 'x-forwarded-host': 'evil.example' }
  await server.browser().submit('/login/reset', { email }, headers)
  for (const { raw, text } of await server.to(email))
    assert.ok(!raw.includes('evil.example') && !text.includes('evil.example'))
  await askedLink(server)
})

test('A-30 while the sessions cannot be ended, a reset changes nothing, and its link stays good', async (t) => {
  const { store, state } = failingStore()
  const server = await aMailingServer(t, { store })
  await server.person(email)
  const link = await askedLink(server)
  state.down = true
  assert.equal((await save(server, link)).status, 503)
  state.down = false
  assert.equal((await server.browser().submit('/login', { email, password })).status, 303)
  assert.equal((await save(server, link)).status, 303)
})

test('A-29 a sign-in by the old password that is under way during a reset ends with it', async (t) => {
  let meanwhile: (() => Promise<unknown>) | undefined
  const kept = memory()
  const create: Store['create'] = async (...given) => {
    const act = meanwhile
    meanwhile = undefined
    await act?.()
    return kept.create(...given)
  }
  const store = new Proxy(kept, {
    get(target, name): unknown {
      const value: unknown = name === 'create' ? create : Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const server = await aMailingServer(t, { store })
  const account = await server.person(email)
  const link = await askedLink(server)
  // The reset comes between the look at the password and the begin of the session.
  meanwhile = () => save(server, link)
  const browser = server.browser()
  assert.equal((await browser.submit('/login', { email, password })).status, 401)
  const { items } = await server.sessions.list({ subject: account.id })
  assert.deepEqual(items, [])
  assert.equal((await browser.go('/account/sessions')).status, 303)
  assert.equal((await browser.submit('/login', { email, password: fresh })).status, 303)
})

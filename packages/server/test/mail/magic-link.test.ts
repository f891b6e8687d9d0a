import assert from 'node:assert/strict'
import { test } from 'node:test'
import { day, hour, minute } from 'sojourn/core'
import { firefox } from '../browser.ts'
import { idOf } from '../a-server.ts'
import { aMailingServer, type MailingTest, tokenOf } from '../mail-server.ts'

const email = 'uma@example.com'

async function askedLink(server: MailingTest, more: { readonly return_to?: string } = {}): Promise<string> {
  assert.equal((await server.browser().submit('/login/link', { email, ...more })).status, 200)
  return server.link(email)
}

const enter = (link: string, more = {}) => ({ token: tokenOf(link), ...more })

test('R-28 a link signs in once, by the button of its page, and looking at it signs nobody in', async (t) => {
  const server = await aMailingServer(t)
  const { id } = await server.person(email)
  const link = await askedLink(server, { return_to: '/account/sessions?x=1' })
  const scanner = server.browser()
  for (const headers of [{}, { 'sec-purpose': 'prefetch' }, { accept: '*/*' }]) {
    const answer = await scanner.go(link, headers)
    assert.equal(answer.status, 200)
    assert.equal(answer.headers['set-cookie'], undefined)
  }
  const browser = server.browser()
  assert.match((await browser.go(link)).text, /uma@example\.com/, 'the page says whose account it opens')
  const answer = await browser.submit('/login/link/enter', enter(link))
  assert.equal(answer.location, '/account/sessions?x=1')
  const session = await server.sessions.get(await idOf(browser))
  assert.deepEqual([session?.subject, session?.method, session?.amr], [id, 'magic_link', ['email']])
  assert.equal((await server.browser().submit('/login/link/enter', enter(link))).status, 404)
  assert.equal((await server.browser().go(link)).status, 404)
})

test('A-13 a form of another site enters by no link', async (t) => {
  const server = await aMailingServer(t)
  await server.person(email)
  const link = await askedLink(server)
  const cross = { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' }
  assert.equal((await server.browser().submit('/login/link/enter', enter(link), cross)).status, 403)
  assert.equal(
    (await server.browser().submit('/login/link/enter', enter(link))).status,
    303,
    'it is good still',
  )
})

test('SLI-04 a sign-in by link is remembered where its person says so, and not otherwise', async (t) => {
  const server = await aMailingServer(t)
  await server.person(email)
  const page = await server.browser().go(await askedLink(server))
  assert.match(page.text, /Keep me signed in on this device/)
  for (const [more, status] of [
    [{ remember: 't' }, 200],
    [{}, 303],
  ] as const) {
    const browser = server.browser(firefox)
    await browser.submit('/login/link/enter', enter(await askedLink(server), more))
    server.clock.advance(day)
    assert.equal((await browser.go('/account/sessions')).status, status)
  }
})

test('a link is good for 15 minutes, and not one millisecond longer', async (t) => {
  const server = await aMailingServer(t)
  await server.person(email)
  const [one, other] = [await askedLink(server), await askedLink(server)]
  server.clock.advance(15 * minute)
  assert.equal((await server.browser().submit('/login/link/enter', enter(one))).status, 303)
  server.clock.advance(1)
  assert.equal((await server.browser().submit('/login/link/enter', enter(other))).status, 404)
})

test('a link for one thing is none for another', async (t) => {
  const server = await aMailingServer(t)
  await server.person(email)
  const link = await askedLink(server)
  const reset = { token: tokenOf(link), password: 'a wholly new password' }
  assert.equal((await server.browser().submit('/login/reset/password', reset)).status, 404)
  assert.equal((await server.browser().submit('/login/link/enter', enter(link))).status, 303)
})

test('a link opens no account that is disabled, and is void once a credential was changed', async (t) => {
  const server = await aMailingServer(t)
  const { id } = await server.person(email)
  const link = await askedLink(server)
  await server.accounts.disable(id)
  assert.equal((await server.browser().submit('/login/link/enter', enter(link))).status, 404)
  await server.person('ivo@example.com')
  await server.browser().submit('/login/link', { email: 'ivo@example.com' })
  const old = await server.link('ivo@example.com')
  await server.browser().submit('/login/reset', { email: 'ivo@example.com' })
  const token = tokenOf(await server.link('ivo@example.com'))
  await server.browser().submit('/login/reset/password', { token, password: 'a wholly new password' })
  assert.equal((await server.browser().submit('/login/link/enter', enter(old))).status, 404)
})

test('R-77 letters to one address are limited, and nobody who asks learns of it', async (t) => {
  const server = await aMailingServer(t)
  await server.person(email)
  const ask = async () => (await server.browser().submit('/login/link', { email })).status
  for (let i = 0; i < 6; i++) assert.equal(await ask(), 200)
  assert.equal((await server.to(email)).length, 4)
  server.clock.advance(999)
  await ask()
  assert.equal((await server.to(email)).length, 4)
  server.clock.advance(1)
  await ask()
  assert.equal((await server.to(email)).length, 5)
})

test('R-77 one network asks for 20 letters, whoever they are for; then it is told to wait', async (t) => {
  const server = await aMailingServer(t)
  for (let i = 0; i < 20; i++) {
    const path = i % 2 === 0 ? '/login/link' : '/login/reset'
    assert.equal((await server.browser().submit(path, { email: `person${i}@example.com` })).status, 200)
  }
  const answer = await server.browser().submit('/login/reset', { email })
  assert.deepEqual([answer.status, answer.headers['retry-after']], [429, '1'])
  server.clock.advance(1_000)
  assert.equal((await server.browser().submit('/login/reset', { email })).status, 200)
})

test('a sign-in by link is as fresh as one by password', async (t) => {
  const server = await aMailingServer(t)
  await server.person(email)
  const browser = await server.signedIn(email)
  server.clock.advance(hour)
  assert.match((await browser.go('/account/phone')).location ?? '', /reason=reauth_required/)
  await browser.submit('/login/link/enter', enter(await askedLink(server, { return_to: '/account/phone' })))
  assert.equal((await browser.go('/account/phone')).status, 200)
})

test('a limit refuses a sign-in by link as one by password', async (t) => {
  const server = await aMailingServer(t)
  await server.person(email, { sessionLimit: 0 })
  const answer = await server.browser().submit('/login/link/enter', enter(await askedLink(server)))
  assert.equal(answer.status, 403)
  assert.match(answer.text, /limit of sessions is 0/)
})

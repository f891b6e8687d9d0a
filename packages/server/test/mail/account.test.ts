import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { hour, minute } from 'sojourn/core'
import { type Browser, firefox } from '../browser.ts'
import { aServer, idOf, password } from '../a-server.ts'
import { aMailingServer, tokenOf } from '../mail-server.ts'

const email = 'uma@example.com'
const fresh = 'a wholly new password'

async function threeBrowsers(t: TestContext) {
  const server = await aMailingServer(t)
  const account = await server.person(email)
  const [browser, other, remembered] = [
    await server.signedIn(email),
    await server.signedIn(email),
    await server.signedIn(email, firefox, { remember: 't' }),
  ]
  return { server, account, browser, others: [other, remembered] }
}

/** This one goes on under another token, the others have ended, and their devices do not come back. */
async function onlyThisIsLeft(browser: Browser, others: readonly Browser[], before: string): Promise<void> {
  assert.equal((await browser.go('/account')).status, 200)
  assert.notEqual(browser.cookie, before)
  assert.match((await browser.go('/account', { cookie: before })).location ?? '', /^\/login/)
  for (const other of others)
    assert.match((await other.go('/account')).location ?? '', /reason=credential_changed/)
}

test('PCA-07 R-21 changing the password ends the other sessions and what was remembered; this one gets a new token', async (t) => {
  const { server, browser, others } = await threeBrowsers(t)
  const { cookie } = browser
  const link = await server
    .browser()
    .submit('/login/link', { email })
    .then(() => server.link(email))
  assert.match((await browser.go('/account/password')).text, /autocomplete="current-password"/)
  const saved = await browser.submit('/account/password', { current: password, password: fresh })
  assert.equal(saved.location, '/account?done=password')
  assert.match((await browser.go('/account?done=password')).text, /Your password was changed/)
  await onlyThisIsLeft(browser, others, cookie)
  assert.equal((await server.browser().submit('/login', { email, password })).status, 401)
  assert.equal((await server.browser().submit('/login', { email, password: fresh })).status, 303)
  assert.match((await server.to(email)).at(-1)?.subject ?? '', /Your password .* was changed/)
  const { status } = await server.browser().submit('/login/link/enter', { token: tokenOf(link) })
  assert.equal(status, 404, 'a link that was sent before is void')
})

test('the current password is asked for, and guessing it is slowed down like a sign-in', async (t) => {
  const { server, browser, others } = await threeBrowsers(t)
  const change = async (current: string) =>
    (await browser.submit('/account/password', { current, password: fresh })).status
  assert.equal(
    (await browser.submit('/account/password', { current: password, password: 'short' })).status,
    400,
  )
  for (let guess = 0; guess < 5; guess++) assert.equal(await change(`guess ${guess}`), 403)
  assert.notEqual(await change(password), 303)
  assert.equal((await others[0]?.go('/account'))?.status, 200, 'nothing has ended')
  server.clock.advance(1_000)
  assert.equal(await change(password), 303)
})

test('PCA-07 a new phone number ends the other sessions', async (t) => {
  const { server, account, browser, others } = await threeBrowsers(t)
  const { cookie } = browser
  assert.equal((await browser.submit('/account/phone', { phone: 'call me' })).status, 400)
  const saved = await browser.submit('/account/phone', { phone: '+49 (30) 123-4567' })
  assert.equal(saved.location, '/account?done=phone')
  assert.equal((await server.accounts.find(account.id))?.phone, '+49301234567')
  await onlyThisIsLeft(browser, others, cookie)
  assert.equal((await browser.submit('/account/phone', { phone: '' })).status, 303)
  assert.equal((await server.accounts.find(account.id))?.phone, null)
})

test('PCA-07 a new e-mail address is used once it is confirmed, ends the other sessions, and the old one is told', async (t) => {
  const { server, account, browser, others } = await threeBrowsers(t)
  const { cookie } = browser
  const next = 'Uma.New@example.com'
  assert.equal((await browser.submit('/account/email', { email: next })).status, 200)
  assert.equal((await server.accounts.find(account.id))?.email, email, 'nothing has changed yet')
  assert.match((await server.to(email)).at(-1)?.subject ?? '', /is to be changed/)
  const link = await server.link(next)
  assert.match((await browser.go(link)).text, /Uma\.New@example\.com/)
  assert.equal((await browser.go(link)).status, 200)
  assert.equal((await server.accounts.find(account.id))?.email, email, 'looking changes nothing')
  const saved = await browser.submit('/account/email/confirm', { token: tokenOf(link) })
  assert.equal(saved.location, '/account?done=email')
  const changed = await server.accounts.find(account.id)
  assert.deepEqual([changed?.email, changed?.emailVerifiedAt], [next, server.clock.now()])
  await onlyThisIsLeft(browser, others, cookie)
  assert.match((await server.to(email)).at(-1)?.subject ?? '', /e-mail address .* was changed/)
  assert.equal((await browser.submit('/account/email/confirm', { token: tokenOf(link) })).status, 404)
  assert.equal((await server.browser().submit('/login', { email: next, password })).status, 303)
  assert.equal((await server.browser().submit('/login', { email, password })).status, 401)
})

test('a link for a new address is for its own person, and good for an hour to the millisecond', async (t) => {
  const { server, account, browser } = await threeBrowsers(t)
  await server.person('ivo@example.com')
  await browser.submit('/account/email', { email: 'new@example.com' })
  const link = await server.link('new@example.com')
  const stranger = await server.signedIn('ivo@example.com')
  assert.equal((await stranger.go(link)).status, 404)
  assert.equal((await stranger.submit('/account/email/confirm', { token: tokenOf(link) })).status, 404)
  assert.match((await server.browser().go(link)).location ?? '', /^\/login/)
  server.clock.advance(hour)
  const again = await server.signedIn(email)
  assert.equal((await again.go(link)).status, 200, 'a stranger has not spent it')
  server.clock.advance(1)
  assert.equal((await again.submit('/account/email/confirm', { token: tokenOf(link) })).status, 404)
  assert.equal((await server.accounts.find(account.id))?.email, email)
})

test('A-23 asking for an address that somebody has says nothing of it; they are told, and keep it', async (t) => {
  const { server, browser } = await threeBrowsers(t)
  const ivo = await server.person('ivo@example.com')
  const answers = []
  for (const one of ['ivo@example.com', 'free@example.com']) {
    const { status, text } = await browser.submit('/account/email', { email: one })
    answers.push({ status, text })
  }
  assert.deepEqual(answers[0], answers[1])
  const [letter] = await server.to('ivo@example.com')
  assert.ok(letter !== undefined && !letter.text.includes('token='))
  assert.equal((await server.accounts.find(ivo.id))?.email, 'ivo@example.com')
})

test('an address that somebody else got meanwhile is not taken from them', async (t) => {
  const { server, account, browser } = await threeBrowsers(t)
  await browser.submit('/account/email', { email: 'new@example.com' })
  const link = await server.link('new@example.com')
  await server.person('new@example.com')
  assert.equal((await browser.submit('/account/email/confirm', { token: tokenOf(link) })).status, 400)
  assert.equal((await server.accounts.find(account.id))?.email, email)
})

const sensitive = ['password', 'email', 'phone', 'disable', 'delete'] as const
const fields = { current: password, password: fresh, email: 'new@example.com', phone: '+49301234567' }

test('R-29 what changes an account asks for a sign-in of the last ten minutes, to the millisecond', async (t) => {
  const server = await aMailingServer(t)
  const account = await server.person(email)
  const browser = await server.signedIn(email)
  server.clock.advance(10 * minute)
  for (const what of sensitive) assert.equal((await browser.go(`/account/${what}`)).status, 200)
  server.clock.advance(1)
  for (const what of sensitive) {
    const path = `/account/${what}`
    for (const answer of [await browser.go(path), await browser.submit(path, fields)])
      assert.equal(answer.location, `/login?reason=reauth_required&return_to=${encodeURIComponent(path)}`)
    const program = await browser.submit(path, fields, {
      accept: 'application/json',
      'sec-fetch-mode': 'cors',
    })
    assert.equal(program.status, 401)
    assert.match(
      String(program.headers['www-authenticate']),
      /insufficient_user_authentication.*max_age="600"/,
    )
  }
  assert.deepEqual(await server.accounts.find(account.id), account)
  assert.deepEqual(server.mail.letters, [])
  assert.match((await browser.go('/login?reason=reauth_required')).text, /Sign in again to go on/)
  await browser.submit('/login', { email, password })
  assert.equal((await browser.go('/account/password')).status, 200)
})

test('R-29 how fresh it has to be is a setting', async (t) => {
  const server = await aMailingServer(t, { env: { SOJOURN_STEP_UP: '1m' } })
  await server.person(email)
  const browser = await server.signedIn(email)
  server.clock.advance(minute + 1)
  assert.equal((await browser.go('/account/phone')).status, 303)
})

test('R-20 deleting the account ends all sessions, remembered ones too, and nobody signs in any more', async (t) => {
  const { server, account, browser, others } = await threeBrowsers(t)
  await server.browser().submit('/login/link', { email })
  const link = await server.link(email)
  const ids = await Promise.all([browser, ...others].map(idOf))
  assert.match((await browser.go('/account/delete')).text, /cannot be undone/)
  const answer = await browser.submit('/account/delete')
  assert.equal(answer.location, '/login?reason=account_deleted')
  assert.match(String(answer.headers['clear-site-data']), /"cookies"/)
  assert.match((await browser.go('/login?reason=account_deleted')).text, /Your account was deleted/)
  for (const id of ids) assert.equal((await server.sessions.get(id))?.endReason, 'account_disabled')
  for (const one of others) assert.match((await one.go('/account')).location ?? '', /^\/login/)
  assert.equal(await server.accounts.find(account.id), undefined)
  assert.equal((await server.browser().submit('/login', { email, password })).status, 401)
  const { status } = await server.browser().submit('/login/link/enter', { token: tokenOf(link) })
  assert.equal(status, 404)
  assert.match((await server.to(email)).at(-1)?.subject ?? '', /was deleted/)
})

test('R-20 disabling the own account ends all sessions, and nobody signs in to it', async (t) => {
  const { server, account, browser, others } = await threeBrowsers(t)
  assert.equal((await browser.submit('/account/disable')).location, '/login?reason=account_disabled')
  for (const one of [browser, ...others]) assert.match((await one.go('/account')).location ?? '', /^\/login/)
  assert.ok((await server.accounts.find(account.id))?.disabledAt !== null)
  assert.equal((await server.browser().submit('/login', { email, password })).status, 401)
})

test('the last Super Admin cannot close their account; one of two can', async (t) => {
  const server = await aMailingServer(t)
  await server.person('ada@example.com', { roles: ['super-admin'] })
  const ada = await server.signedIn('ada@example.com')
  for (const what of ['disable', 'delete']) assert.equal((await ada.submit(`/account/${what}`)).status, 409)
  assert.equal((await ada.go('/account')).status, 200)
  const { id } = await server.person('eve@example.com', { roles: ['super-admin'] })
  await server.accounts.disable(id)
  assert.equal((await ada.submit('/account/delete')).status, 409, 'one who cannot sign in is none')
  await server.person('bea@example.com', { roles: ['super-admin'] })
  assert.equal((await ada.submit('/account/delete')).status, 303)
})

test('A-25 whoever acts as somebody else changes nothing of their account', async (t) => {
  const { server, account } = await threeBrowsers(t)
  await server.person('ada@example.com', { roles: ['super-admin'] })
  const admin = await server.signedIn('ada@example.com')
  const acting = await server.sessions.impersonate(await idOf(admin), {
    subject: account.id,
    roles: account.roles,
    mayActAs: () => true,
  })
  assert.ok(acting.state === 'started')
  const name = admin.cookie.split('=')[0]
  const cookie = `${name}=${acting.started.token.reveal()}`
  for (const what of sensitive) {
    assert.equal((await admin.go(`/account/${what}`, { cookie })).status, 403, what)
    assert.equal((await admin.submit(`/account/${what}`, fields, { cookie })).status, 403, what)
  }
  assert.deepEqual(await server.accounts.find(account.id), account)
})

test('without a mail server an address is changed at once, unconfirmed, and no page leads to a link', async (t) => {
  const server = await aServer(t)
  const account = await server.person(email)
  await server.person('ivo@example.com')
  const browser = await server.signedIn(email)
  assert.equal((await browser.submit('/account/email', { email: 'ivo@example.com' })).status, 400)
  assert.equal(
    (await browser.submit('/account/email', { email: 'new@example.com' })).location,
    '/account?done=email',
  )
  const changed = await server.accounts.find(account.id)
  assert.deepEqual([changed?.email, changed?.emailVerifiedAt], ['new@example.com', null])
  for (const path of ['/login/link', '/login/reset', '/dev/mail']) {
    assert.equal((await server.browser().go(path)).status, 404)
    assert.notEqual((await server.browser().submit(path, { email })).status, 200)
  }
  assert.doesNotMatch((await server.browser().go('/login')).text, /login\/link|login\/reset/)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minute } from 'sojourn/core'
import { aServer, idOf, password } from '../a-server.ts'
import { aFactorServer, byPasskey, email, optionsAt, security, site } from './factor-server.ts'
import { SoftAuthenticator } from './soft-authenticator.ts'

const acts = [
  `${security}/authenticator`,
  `${security}/authenticator/remove`,
  `${security}/recovery-codes`,
  `${security}/passkeys`,
  `${security}/passkeys/AAAA/remove`,
] as const

test('R-29 changing factors asks for a sign-in of the last ten minutes, to the millisecond', async (t) => {
  const server = await aFactorServer(t)
  const { id } = await server.person(email)
  const browser = await server.signedIn(email)
  server.clock.advance(10 * minute)
  assert.equal((await browser.go(`${security}/authenticator`)).status, 200)
  await optionsAt(browser, `${security}/passkeys/options`)
  server.clock.advance(1)
  assert.match((await browser.go(`${security}/authenticator`)).location ?? '', /reason=reauth_required/)
  for (const path of acts)
    assert.match((await browser.submit(path)).location ?? '', /reason=reauth_required/, path)
  const asked = await browser.call('POST', `${security}/passkeys/options`, {})
  assert.equal(asked.status, 401)
  assert.match(String(asked.headers['www-authenticate']), /insufficient_user_authentication/)
  assert.equal((await browser.go(security)).status, 200, 'looking asks for nothing')
  assert.equal(await server.factors.isOn(id), false)
})

test('A-25 whoever acts as somebody else changes no factor of theirs', async (t) => {
  const server = await aFactorServer(t)
  const account = await server.person(email)
  await server.person('ada@example.com', { roles: ['super-admin'] })
  const admin = await server.signedIn('ada@example.com')
  const acting = await server.sessions.impersonate(await idOf(admin), {
    subject: account.id,
    roles: account.roles,
    mayActAs: () => true,
  })
  assert.ok(acting.state === 'started')
  const cookie = `${admin.cookie.split('=')[0]}=${acting.started.token.reveal()}`
  for (const path of acts) assert.equal((await admin.submit(path, {}, { cookie })).status, 403, path)
  assert.equal((await admin.call('POST', `${security}/passkeys/options`, {}, { cookie })).status, 403)
})

test('R-29 whoever has a factor changes them by a sign-in that showed one', async (t) => {
  const server = await aFactorServer(t)
  const { id } = await server.person(email)
  const own = await server.signedIn(email)
  const passkey = await server.addPasskey(own)
  // A session that began before, and that the policy would have let live on, shows a password alone.
  const started = await server.sessions.start({ subject: id, amr: ['pwd'] })
  const cookie = `${own.cookie.split('=')[0]}=${started.token.reveal()}`
  for (const path of acts)
    assert.match((await own.submit(path, {}, { cookie })).location ?? '', /reason=reauth_required/, path)
  const browser = server.browser()
  await byPasskey(browser, passkey)
  assert.equal((await browser.submit(`${security}/recovery-codes`)).status, 200)
})

test('the only way in is not removed: without a password, where no mail is sent, a last passkey stays', async (t) => {
  const server = await aServer(t, { env: { SOJOURN_URL: site } })
  const account = await server.accounts.create({ email, name: 'Uma' })
  await server.person('ivo@example.com')
  const [name] = (await server.signedIn('ivo@example.com')).cookie.split('=')
  const { token } = await server.sessions.start({ subject: account?.id ?? '', amr: ['x'] })
  const browser = server.browser()
  browser.jar.setCookieSync(`${name}=${token.reveal()}; Secure; HttpOnly; Path=/`, server.origin)
  const [one, other] = [new SoftAuthenticator(site), new SoftAuthenticator(site)]
  for (const passkey of [one, other]) {
    const options = await optionsAt(browser, `${security}/passkeys/options`)
    await browser.submit(`${security}/passkeys`, { response: passkey.create(options) })
  }
  const remove = async ({ id }: SoftAuthenticator) =>
    (await browser.submit(`${security}/passkeys/${id}/remove`)).status
  assert.deepEqual([await remove(one), await remove(other)], [303, 409])
  assert.equal((await byPasskey(server.browser(), other)).status, 303)
})

test('R-23 a Super Admin who has just signed in resets the factors of somebody: all their sessions end, and they are told', async (t) => {
  const server = await aFactorServer(t)
  const { id } = await server.person(email)
  const ada = await server.person('ada@example.com', { roles: ['super-admin'] })
  const own = await server.signedIn(email)
  await server.setUpApp(own)
  const passkey = await server.addPasskey(own)
  const waiting = await server.firstStep()
  const admin = await server.signedIn('ada@example.com')
  const page = `/nova/resources/users/${id}/second-factors`
  assert.match((await admin.go(page)).text, /Authenticator app[\s\S]*Set up[\s\S]*Key, added/)
  server.clock.advance(10 * minute + 1)
  assert.match((await admin.submit(`${page}/reset`)).location ?? '', /reason=reauth_required/)
  assert.equal(await server.factors.isOn(id), true)
  await admin.submit('/login', { email: 'ada@example.com', password })
  assert.equal((await admin.submit(`${page}/reset`)).location, page)
  assert.equal(await server.factors.isOn(id), false)
  assert.equal(await server.factors.recoveryCodes.left(id), 0)
  assert.match((await own.go('/account')).location ?? '', /reason=credential_changed/)
  assert.match((await waiting.go('/login/second')).location ?? '', /^\/login/)
  assert.equal((await byPasskey(server.browser(), passkey)).status, 401)
  assert.match((await server.to(email)).at(-1)?.subject ?? '', /second factors .* were removed/)
  const line = server.lines.map(
    (text) => JSON.parse(text) as { event?: string; by?: string; account?: string },
  )
  assert.deepEqual(
    line.filter(({ event }) => event === 'factors.reset').map(({ by, account }) => [by, account]),
    [[ada.id, id]],
  )
  assert.equal((await server.browser().submit('/login', { email, password })).location, '/')
  const other = new SoftAuthenticator(site)
  assert.equal((await byPasskey(server.browser(), other)).status, 401)
})

test('R-23 the same by the API, for Super Admins alone', async (t) => {
  const server = await aFactorServer(t)
  const { id } = await server.person(email)
  await server.person('ada@example.com', { roles: ['super-admin'] })
  await server.setUpApp(await server.signedIn(email))
  const path = `/api/v1/admin/users/${id}/second-factors`
  const nobody = await server.firstStep()
  assert.equal((await nobody.call('DELETE', path)).status, 401)
  await server.person('ivo@example.com')
  assert.equal((await (await server.signedIn('ivo@example.com')).call('DELETE', path)).status, 403)
  const admin = await server.signedIn('ada@example.com')
  assert.equal((await admin.call('DELETE', path.replace(id, 'nobody'))).status, 404)
  assert.equal((await admin.call('DELETE', path)).status, 204)
  assert.equal(await server.factors.isOn(id), false)
})

test('R-20 factors go with their account', async (t) => {
  const server = await aFactorServer(t)
  const { id } = await server.person(email)
  const own = await server.signedIn(email)
  await server.setUpApp(own)
  await server.addPasskey(own)
  await server.accounts.remove(id)
  assert.equal(await server.factors.isOn(id), false)
  assert.equal(await server.factors.recoveryCodes.left(id), 0)
})

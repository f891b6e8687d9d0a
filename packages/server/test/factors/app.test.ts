import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minute, second } from 'sojourn/core'
import { idOf, password } from '../a-server.ts'
import { tokenOf } from '../mail-server.ts'
import { aFactorServer, appOf, email, sealedIn, security } from './factor-server.ts'

const page = `${security}/authenticator`

test('an app counts once a code of it was entered, and not before', async (t) => {
  const server = await aFactorServer(t)
  const { id } = await server.person(email)
  const browser = await server.signedIn(email)
  const { text } = await browser.go(page)
  assert.match(text, /<svg class="qr"/)
  assert.equal(await server.factors.isOn(id), false)
  assert.equal((await server.browser().submit('/login', { email, password })).location, '/')
  const app = appOf(server, text)
  const wrong = String((Number(app.code()) + 1) % 1_000_000).padStart(6, '0')
  const refused = await browser.submit(page, { sealed: sealedIn(text), code: wrong })
  assert.equal(refused.status, 400)
  assert.equal(appOf(server, refused.text).code(), app.code(), 'the same key is shown again')
  assert.equal(await server.factors.isOn(id), false)
  const saved = await browser.submit(page, { sealed: sealedIn(text), code: app.code() })
  assert.equal(saved.status, 200)
  assert.equal(await server.factors.isOn(id), true)
  assert.match((await browser.go(security)).text, /10 codes are left/)
  assert.equal((await browser.go(page)).location, security, 'there is one already')
  assert.equal((await browser.submit(page, { sealed: sealedIn(text), code: app.code() })).status, 409)
  assert.match((await server.to(email)).at(-1)?.subject ?? '', /has an authenticator app now/)
})

test('what is offered is good for ten minutes to the millisecond, for its session and its account', async (t) => {
  const server = await aFactorServer(t, { env: { SOJOURN_STEP_UP: '1h' } })
  await server.person(email)
  await server.person('ivo@example.com')
  const browser = await server.signedIn(email)
  const { text } = await browser.go(page)
  const app = appOf(server, text)
  const confirm = async (one = browser) =>
    (await one.submit(page, { sealed: sealedIn(text), code: app.code() })).status
  server.clock.advance(10 * minute + 1)
  assert.equal(await confirm(), 400)
  server.clock.advance(-1)
  assert.equal(await confirm(await server.signedIn(email)), 400)
  assert.equal(await confirm(await server.signedIn('ivo@example.com')), 400)
  assert.equal(await confirm(), 200)
})

test('R-04 R-09 R-15 a sign-in takes a second step: the same session, a new token, the second level, pwd and otp', async (t) => {
  const server = await aFactorServer(t)
  const { id } = await server.person(email)
  const { app } = await server.setUpApp(await server.signedIn(email))
  server.clock.advance(minute)
  const first = await server.browser().submit('/login', { email, password, return_to: '/account/phone' })
  assert.equal(first.location, '/login/second?return_to=%2Faccount%2Fphone')
  const browser = await server.firstStep({ return_to: '/account/phone' })
  const before = browser.cookie
  const { text } = await browser.go('/login/second?return_to=%2Faccount%2Fphone')
  assert.match(text, /uma@example\.com/)
  assert.match(text, /autocomplete="one-time-code"/)
  const done = await browser.submit('/login/second', { code: app.code(), return_to: '/account/phone' })
  assert.equal(done.location, '/account/phone')
  assert.notEqual(browser.cookie, before)
  assert.equal((await browser.go('/account')).status, 200)
  assert.match((await browser.go('/account', { cookie: before })).location ?? '', /^\/login/)
  const session = await server.sessions.get(await idOf(browser))
  assert.deepEqual([session?.subject, session?.method], [id, 'password'])
  assert.deepEqual([session?.amr, session?.assurance], [['pwd', 'otp', 'mfa'], 2])
  assert.equal((await browser.go('/login/second')).location, '/', 'it is done')
})

test('A-07 a sign-in that waits is good for nothing else, and counts nowhere', async (t) => {
  const server = await aFactorServer(t)
  const { id } = await server.person(email, { roles: ['super-admin'] })
  const own = await server.signedIn(email)
  await server.setUpApp(own)
  const browser = await server.firstStep()
  for (const path of ['/account', '/account/sessions', security, page, '/account/password', '/nova'])
    assert.match((await browser.go(path)).location ?? '', /^\/login\?reason=/, path)
  for (const [method, path] of [
    ['GET', '/api/v1/sessions'],
    ['GET', '/api/v1/admin/sessions'],
    ['DELETE', `/api/v1/admin/users/${id}/second-factors`],
    ['POST', '/api/v1/session/keep-alive'],
  ] as const)
    assert.equal((await browser.call(method, path, method === 'POST' ? {} : undefined)).status, 401, path)
  const status = (await browser.call('GET', '/api/v1/session')).json() as { state: string; subject: unknown }
  assert.equal(status.state, 'pending')
  for (const [path, fields] of [
    ['/login/choose', {}],
    [`${security}/recovery-codes`, {}],
    [`${page}/remove`, {}],
  ] as const)
    assert.match((await browser.submit(path, fields)).location ?? '', /^\/login/)
  assert.equal(await server.factors.isOn(id), true)
  const { sessions } = (await own.call('GET', '/api/v1/sessions')).json() as { sessions: unknown[] }
  assert.equal(sessions.length, 1)
})

test('it waits for ten minutes, and not one millisecond longer', async (t) => {
  const server = await aFactorServer(t)
  await server.person(email)
  const { app } = await server.setUpApp(await server.signedIn(email))
  const [one, other] = [await server.firstStep(), await server.firstStep()]
  server.clock.advance(10 * minute)
  assert.equal((await one.submit('/login/second', { code: app.code() })).location, '/')
  server.clock.advance(1)
  const late = await other.submit('/login/second', { code: app.code(1) })
  assert.match(late.location ?? '', /^\/login\?reason=login_waited/)
  assert.equal((await other.go('/account')).status, 303)
})

test('a code is good one step to either side, once, and none before it is good after it', async (t) => {
  const server = await aFactorServer(t)
  await server.person(email)
  const { app } = await server.setUpApp(await server.signedIn(email))
  server.clock.advance(10 * minute)
  const status = async (code: string) => {
    const browser = await server.firstStep()
    return (await browser.submit('/login/second', { code })).status
  }
  assert.equal(await status(app.code(-2)), 401)
  assert.equal(await status(app.code(2)), 401)
  assert.equal(await status(app.code()), 303)
  assert.equal(await status(app.code()), 401, 'used')
  assert.equal(await status(app.code(-1)), 401, 'before the one that was used')
  assert.equal(await status(app.code(1)), 303)
  assert.equal(await status(app.code()), 401)
})

test('the code that set the app up signs nobody in', async (t) => {
  const server = await aFactorServer(t)
  await server.person(email)
  const { app } = await server.setUpApp(await server.signedIn(email))
  const browser = await server.firstStep()
  assert.equal((await browser.submit('/login/second', { code: app.code() })).status, 401)
})

test('of many who use one code at once, one gets in', async (t) => {
  const server = await aFactorServer(t)
  await server.person(email)
  const { app } = await server.setUpApp(await server.signedIn(email))
  server.clock.advance(minute)
  const browsers = []
  for (let i = 0; i < 4; i++) browsers.push(await server.firstStep())
  const answers = await Promise.all(
    browsers.map((browser) => browser.submit('/login/second', { code: app.code() })),
  )
  assert.equal(answers.filter(({ location }) => location === '/').length, 1)
})

test('R-77 guessing of codes is slowed down over all networks, and the owner’s own device is not', async (t) => {
  const server = await aFactorServer(t, { config: { trustProxy: 1 } })
  await server.person(email)
  const own = await server.signedIn(email)
  const { app } = await server.setUpApp(own)
  server.clock.advance(minute)
  const guess = async (code: string, ip: string) => {
    const browser = await server.firstStep()
    return browser.submit('/login/second', { code }, { 'x-forwarded-for': ip })
  }
  for (let i = 0; i < 5; i++) assert.equal((await guess('000000', `203.0.113.${i}`)).status, 401)
  const refused = await guess(app.code(), '198.51.100.1')
  assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '1'])
  // Her browser, which was signed in before, is judged by a count of its own.
  await server.firstStep({}, own)
  assert.equal((await own.submit('/login/second', { code: app.code() })).location, '/')
  server.clock.advance(second - 1)
  assert.equal((await guess(app.code(1), '198.51.100.1')).status, 429, 'her success forgives no guesser')
  server.clock.advance(1)
  assert.equal((await guess(app.code(1), '198.51.100.1')).status, 303)
})

test('R-77 a right code of the owner gives whoever guesses no fresh start', async (t) => {
  const server = await aFactorServer(t)
  await server.person(email)
  const { app } = await server.setUpApp(await server.signedIn(email))
  server.clock.advance(minute)
  const enter = async (code: string) =>
    (await (await server.firstStep()).submit('/login/second', { code })).status
  for (let i = 0; i < 4; i++) assert.equal(await enter('000000'), 401)
  assert.equal(await enter(app.code()), 303, 'from a new device')
  assert.equal(await enter('000000'), 401)
  assert.equal(await enter('000000'), 429)
})

test('R-77 a first step alone makes no device known, and wrong codes lock no password out', async (t) => {
  const server = await aFactorServer(t)
  await server.person(email)
  const { app } = await server.setUpApp(await server.signedIn(email))
  server.clock.advance(minute)
  const browser = server.browser()
  const first = await browser.submit('/login', { email, password })
  assert.doesNotMatch(String(first.headers['set-cookie']), /known-device/)
  for (let i = 0; i < 8; i++) await browser.submit('/login/second', { code: '000000' })
  for (let i = 0; i < 8; i++) assert.equal((await server.firstStep()).cookie !== '', true)
  server.clock.advance(5 * minute)
  const done = await browser.submit('/login/second', { code: app.code() })
  assert.match(String(done.headers['set-cookie']), /known-device/)
})

test('A-24 a sign-in that its limit refuses is no wrong code', async (t) => {
  const server = await aFactorServer(t, {
    config: { policy: { extends: 'stay-logged-in', limit: 1, onExceed: 'deny' } },
  })
  await server.person(email)
  const own = await server.signedIn(email)
  const { app } = await server.setUpApp(own)
  server.clock.advance(minute)
  for (let i = 0; i < 8; i++) {
    const browser = await server.firstStep()
    const answer = await browser.submit('/login/second', { code: app.code() })
    assert.equal(answer.status, 403, `${i}: ${answer.text}`)
    server.clock.advance(30 * second)
  }
  await own.submit('/logout')
  const browser = await server.firstStep()
  assert.equal((await browser.submit('/login/second', { code: app.code() })).location, '/')
})

test('R-08 R-09 whoever is restored by a remembered device is of the first level, and changes no factor', async (t) => {
  const server = await aFactorServer(t, { env: { SOJOURN_STEP_UP: '1d' } })
  await server.person(email)
  const { app } = await server.setUpApp(await server.signedIn(email))
  server.clock.advance(minute)
  const browser = await server.firstStep({ remember: 't' })
  await browser.submit('/login/second', { code: app.code(), remember: 't' })
  assert.equal((await browser.go(page)).location, security)
  server.clock.advance(3 * 60 * minute)
  assert.equal((await browser.go('/account')).status, 200, 'it was remembered over both steps')
  const session = await server.sessions.get(await idOf(browser))
  assert.deepEqual([session?.restored, session?.assurance], [true, 1])
  assert.match((await browser.go(page)).location ?? '', /reason=reauth_required/)
  assert.match((await browser.submit(`${page}/remove`)).location ?? '', /reason=reauth_required/)
})

test('a sign-in by mail takes the second step too, and both together are of the first level', async (t) => {
  const server = await aFactorServer(t)
  await server.person(email)
  const { app } = await server.setUpApp(await server.signedIn(email))
  server.clock.advance(minute)
  await server.browser().submit('/login/link', { email, return_to: '/account/phone' })
  const token = tokenOf(await server.link(email))
  const browser = server.browser()
  const entered = await browser.submit('/login/link/enter', { token })
  assert.equal(entered.location, '/login/second?return_to=%2Faccount%2Fphone')
  await browser.submit('/login/second', { code: app.code() })
  const session = await server.sessions.get(await idOf(browser))
  assert.deepEqual([session?.amr, session?.assurance], [['email', 'otp'], 1])
  assert.equal((await browser.submit(`${page}/remove`)).location, `${security}?done=totp-removed`)
})

test('PCA-07 R-21 setting an app up and removing it ends the other sessions, and what waits for its second step', async (t) => {
  const server = await aFactorServer(t)
  const { id } = await server.person(email)
  const [browser, other] = [await server.signedIn(email), await server.signedIn(email)]
  const { cookie } = browser
  await server.setUpApp(browser)
  assert.match((await other.go('/account')).location ?? '', /reason=credential_changed/)
  assert.notEqual(browser.cookie, cookie)
  assert.equal((await browser.go('/account')).status, 200)
  const session = await server.sessions.get(await idOf(browser))
  assert.deepEqual([session?.amr, session?.assurance], [['pwd', 'otp', 'mfa'], 2], 'it was shown here')
  const waiting = await server.firstStep()
  assert.equal((await browser.submit(`${page}/remove`)).location, `${security}?done=totp-removed`)
  assert.match((await browser.go(`${security}?done=totp-removed`)).text, /app was removed/)
  assert.match((await waiting.go('/login/second')).location ?? '', /^\/login\?/)
  assert.equal(await server.factors.isOn(id), false)
  assert.equal(await server.factors.recoveryCodes.left(id), 0, 'there is nothing to recover')
  assert.match((await server.to(email)).at(-1)?.subject ?? '', /has lost an authenticator app/)
  assert.equal((await server.browser().submit('/login', { email, password })).location, '/')
})

test('R-20 a disabled account completes no sign-in', async (t) => {
  const server = await aFactorServer(t)
  const { id } = await server.person(email)
  const { app } = await server.setUpApp(await server.signedIn(email))
  server.clock.advance(minute)
  const browser = await server.firstStep()
  await server.accounts.disable(id)
  assert.match((await browser.submit('/login/second', { code: app.code() })).location ?? '', /^\/login/)
  assert.equal((await browser.go('/account')).status, 303)
})

test('A-13 a form of another site completes no sign-in', async (t) => {
  const server = await aFactorServer(t)
  await server.person(email)
  const { app } = await server.setUpApp(await server.signedIn(email))
  server.clock.advance(minute)
  const browser = await server.firstStep()
  const cross = { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' }
  assert.equal((await browser.submit('/login/second', { code: app.code() }, cross)).status, 403)
  assert.equal((await browser.submit('/login/second', { code: app.code() })).location, '/')
})

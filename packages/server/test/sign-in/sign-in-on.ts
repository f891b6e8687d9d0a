import assert from 'node:assert/strict'
import { second } from 'sojourn/core'
import { aServer, idOf, password } from '../a-server.ts'
import type { Declare, OpenGround } from '../admin-api/admin-api.ts'
import { aFactorServer, email } from '../factors/factor-server.ts'

/** How people get in, and what a session is given then, on any store and database. */
export function signInOn(test: Declare, name: string, open: OpenGround): void {
  test(`${name}: PCA-14 somebody signs in by name and password: right, wrong, and locked for a while after guesses`, async (t) => {
    const server = await aServer(t, await open(t))
    const { id } = await server.person(email)
    const right = server.browser()
    const answer = await right.submit('/login', { email: ' UMA@example.com ', password })
    assert.equal(answer.status, 303)
    const session = await server.sessions.get(await idOf(right))
    assert.deepEqual(
      [session?.subject, session?.method, session?.amr, session?.assurance],
      [id, 'password', ['pwd'], 1],
    )
    const guesser = server.browser()
    const tryWith = (written: string) => guesser.submit('/login', { email, password: written })
    const wrong = await tryWith('wrong')
    assert.equal(wrong.status, 401)
    assert.equal(wrong.headers['set-cookie'], undefined)
    for (let count = 2; count <= 5; count++) assert.equal((await tryWith('wrong')).status, 401)
    const locked = await tryWith(password)
    assert.equal(locked.status, 401, 'locked: the right one does not open it either')
    assert.equal(locked.text, wrong.text, 'and nobody learns that it was right')
    assert.equal((await right.go('/account')).status, 200, 'who is in stays in')
    server.clock.advance(second - 1)
    assert.equal((await tryWith(password)).status, 401)
    server.clock.advance(1)
    assert.equal((await tryWith(password)).status, 303)
  })

  test(`${name}: the session tells that a second factor was shown, and asks for neither again`, async (t) => {
    const server = await aFactorServer(t, await open(t))
    await server.person(email)
    const { app } = await server.setUpApp(await server.signedIn(email))
    server.clock.advance(60 * second)
    const browser = await server.firstStep()
    assert.equal((await browser.submit('/login/second', { code: app.code() })).status, 303)
    const id = await idOf(browser)
    const shown = async () => {
      const session = await server.sessions.get(id)
      return [session?.amr, session?.assurance]
    }
    assert.deepEqual(await shown(), [['pwd', 'otp', 'mfa'], 2])
    server.clock.advance(3_600 * second)
    for (const path of ['/account', '/account/sessions'])
      assert.equal((await browser.go(path)).status, 200, `${path} asks for no sign-in`)
    assert.equal((await browser.go('/login')).location, '/', 'nor does the sign-in page')
    assert.deepEqual(await shown(), [['pwd', 'otp', 'mfa'], 2])
  })

  test(`${name}: R-07 the secret of a session is made here when somebody signs in, of 256 bits, for TLS alone`, async (t) => {
    const server = await aServer(t, await open(t))
    await server.person(email)
    const browser = server.browser()
    await browser.go('/login')
    const planted = `${'A'.repeat(22)}.${'B'.repeat(43)}`
    const { cookie: name } = server.sessions.web
    const answers = []
    for (let count = 0; count < 2; count++)
      answers.push(
        await server.browser().submit('/login', { email, password }, { cookie: `${name}=${planted}` }),
      )
    const tokens = answers.map(({ headers }) => {
      const cookie = headers['set-cookie']?.find((one) => one.startsWith(`${name}=`)) ?? ''
      assert.match(cookie, /; Secure(;|$)/)
      assert.match(cookie, /; HttpOnly(;|$)/)
      const [, id = '', secret = ''] = /=([\w-]{22})\.([\w-]{43});/.exec(cookie) ?? []
      assert.equal(Buffer.from(secret, 'base64url').length, 32)
      assert.ok(!planted.includes(id) && !planted.includes(secret), 'never one that a client brought')
      return secret
    })
    assert.equal(new Set(tokens).size, 2)
  })
}

import assert from 'node:assert/strict'
import { dangerouslyAllowInsecureCookies } from '../../web/options.ts'
import type { Reply } from './browser.ts'
import type { Laws } from './site.ts'

export const cookieLaws: Laws = {
  async 'R-30 R-31 R-33 R-34 R-38 JAD-27 the cookie is Secure, HttpOnly, SameSite, of this host alone'(open) {
    const site = await open()
    const { cookies } = await site.browser().post('/login')
    assert.match(
      cookies.join('\n'),
      /^__Host-Http-sid=[\w-]{22}\.[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
    )
  },

  async 'R-06 AUR-03 the cookie says nothing about anybody'(open) {
    const site = await open()
    const browser = await site.loggedIn('somebody@example.com')
    const token = site.token(browser)
    for (const encoding of ['utf8', 'base64', 'base64url', 'hex'] as const)
      assert.doesNotMatch(Buffer.from(token, encoding).toString('latin1'), /somebody|example|main|\d{10}/i)
    assert.notEqual(token.split('.').length, 3, 'a JSON web token has three parts')
  },

  async 'JAD-28 Secure where the site forces it and has TLS: four rows'(open) {
    for (const [cookieForceSecure, cookieTls] of [
      [true, true],
      [true, false],
      [false, true],
      [false, false],
    ] as const) {
      const site = await open({
        policy: { cookiePrefix: 'none', cookieForceSecure, cookieTls },
        [dangerouslyAllowInsecureCookies]: true,
      })
      const host = 'app.example.com'
      const [cookie = ''] = site.setBy(await site.browser().post('/login', { host }))
      assert.equal(cookie.includes('; Secure'), cookieForceSecure && cookieTls, cookie)
      assert.match(cookie, /^sid=.*; HttpOnly; SameSite=Lax$/)
      const [weakName = '', lost = ''] = site.warnings
      assert.match(weakName, /no enforced prefix/)
      assert.equal(
        lost.includes('Secure'),
        cookie.includes('Secure'),
        'only a Secure cookie is lost over HTTP',
      )
    }
  },

  async 'R-08 PCA-03 R-16 a persistent cookie lives as long as its session may, and the server’s clock decides'(
    open,
  ) {
    const site = await open({
      policy: { cookiePersistent: true, absoluteTimeout: '10d', idleTimeout: null },
    })
    const browser = site.browser()
    const { cookies } = await browser.post('/login')
    assert.match(cookies[0] ?? '', /; Max-Age=864000$/)
    site.clock.advance(864_000_000)
    assert.equal((await browser.get('/account')).status, 200)
    site.clock.advance(1)
    const reply = await browser.get('/account')
    assert.equal(reply.status, 401)
    assert.match(reply.body, /"reason":"absolute_timeout"/)
  },

  async 'PCA-04 R-15 a persistent cookie that is set anew lives as long as is left of the session, and not a whole life again'(
    open,
  ) {
    const site = await open({
      policy: { cookiePersistent: true, absoluteTimeout: '10d', idleTimeout: null, regenerateEvery: '1d' },
    })
    const browser = site.browser()
    const maxAge = (reply: Reply): string | undefined =>
      /; Max-Age=(\d+)$/.exec(site.setBy(reply)[0] ?? '')?.[1]
    assert.equal(maxAge(await browser.post('/login')), '864000')
    site.clock.advance(864_000_000 * 0.9)
    assert.equal(maxAge(await browser.get('/account')), '86400')
    const [session] = await site.rows()
    assert.equal(session?.expiresAt, site.clock.now() + 86_400_000)
  },

  async 'R-37 A-12 A-36 of several cookies of one name, the first that opens a live session counts'(open) {
    const site = await open()
    const name = site.auth.web.cookie
    const one = site.token(await site.loggedIn('u-1'))
    const two = site.token(await site.loggedIn('u-2'))
    const dead = site.token(await site.loggedIn('u-3'))
    await site.auth.end({ subject: 'u-3' }, 'admin_revoked')
    const said = async (...values: string[]): Promise<unknown> => {
      const cookie = values.map((value) => `${name}=${value}`).join('; ')
      const { subject, ended } = JSON.parse((await site.browser().get('/whoami', { cookie })).body) as {
        subject: string | null
        ended: { reason: string } | null
      }
      return subject ?? ended?.reason
    }
    assert.equal(await said('tossed', one), 'u-1')
    assert.equal(await said(one, 'tossed'), 'u-1')
    assert.equal(await said(dead, one), 'u-1')
    assert.equal(await said(one, dead), 'u-1')
    assert.deepEqual([await said(one, two), await said(two, one)], ['u-1', 'u-2'])
    assert.deepEqual([await said(dead, 'x'), await said('x', dead)], ['admin_revoked', 'admin_revoked'])
    assert.equal(await said('a', 'b', 'c', one), 'u-1')
    assert.equal(await said('a', 'b', 'c', 'd', one), undefined, 'no more than four are looked at')
  },

  async 'one cookie is set, however often the session changes in one request'(open) {
    const site = await open({ policy: { regenerateEvery: '5m' } })
    const browser = await site.loggedIn()
    site.clock.advance(300_001)
    assert.equal(site.setBy(await browser.post('/login')).length, 1)
    assert.match((await browser.get('/whoami')).body, /"subject":"u-1"/)
    site.clock.advance(300_001)
    assert.equal(site.setBy(await browser.post('/logout')).length, 1)
    assert.equal(browser.jar.size, 0)
  },

  async 'JAD-22 P-21 a token that is due is replaced by the answer; the session and its data stay'(open) {
    const site = await open({ policy: { regenerateEvery: '5m' } })
    const browser = await site.loggedIn()
    await browser.post('/write')
    const old = site.token(browser)
    site.clock.advance(300_001)
    const { cookies, headers, body } = await browser.get('/read?key=key')
    assert.deepEqual([cookies.length, body, headers['cache-control']], [1, '"value"', 'no-store'])
    assert.notEqual(site.token(browser), old)
    assert.equal(site.token(browser).split('.')[0], old.split('.')[0])
    assert.equal((await browser.get('/read?key=key')).body, '"value"')
  },

  async 'P-18 a cookie that the browser will drop is warned of once, with scheme, setting and fix'(open) {
    const site = await open()
    const over = async (host: string, headers = {}): Promise<void> => {
      await site.browser().post('/login', { host, ...headers })
    }
    await over('127.0.0.1')
    await over('localhost:3000')
    assert.deepEqual(site.warnings, [])
    await over('app.example.com', { 'x-forwarded-proto': 'https' })
    await over('app.example.com')
    assert.equal(site.warnings.length, 1)
    assert.match(site.warnings[0] ?? '', /http:\/\/app\.example\.com.*trustProxy.*X-Forwarded-Proto: https/s)
    const behind = await open({ trustProxy: 1 })
    await behind.browser().post('/login', { host: 'app.example.com', 'x-forwarded-proto': 'https' })
    assert.deepEqual(behind.warnings, [])
    await behind.browser().post('/login', { host: 'app.example.com', 'x-forwarded-proto': 'http' })
    assert.equal(behind.warnings.length, 1)
  },
}

import assert from 'node:assert/strict'
import { day, second } from '../../core/duration.ts'
import { ephemeralMethods } from '../../core/remember.ts'
import type { Session } from '../../core/session.ts'
import { type Browser, prefetched, type Reply } from './browser.ts'
import { idle, refreshOf, remembered, timedOut } from './remembered.ts'
import type { Laws } from './site.ts'

async function sessionOf(browser: Browser): Promise<Session | null> {
  return JSON.parse((await browser.get('/session')).body) as Session | null
}

function reasonIn({ body }: Reply): unknown {
  return (JSON.parse(body) as { reason: unknown }).reason
}

export const rememberLaws: Laws = {
  async 'SLI-04 SLI-06 R-08 who asks for it is remembered, by a cookie of its own for 30 days'(open) {
    const site = await open()
    for (const method of ['password', 'oidc', 'passkey', 'magic-link']) {
      const { cookies } = await site.browser().post(`/login?remember=1&method=${method}`)
      assert.equal(cookies.length, 2)
      assert.match(
        cookies[0] ?? '',
        /^__Host-Http-sid=[\w-]{22}\.[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
      )
      assert.match(
        cookies[1] ?? '',
        /^__Host-Http-sid-r=[\w-]{22}\.[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=2592000$/,
      )
    }
    assert.equal((await site.browser().post('/login')).cookies.length, 1, 'who does not ask is not')
  },

  async 'SLI-05 a method that proves who somebody is for this visit alone is not remembered'(open) {
    const site = await open()
    for (const method of ephemeralMethods) {
      const { cookies } = await site.browser().post(`/login?remember=1&method=${method}`)
      assert.equal(cookies.length, 1, method)
    }
    for (const { rememberedUntil, family } of await site.rows())
      assert.deepEqual([rememberedUntil, family], [null, null])
  },

  async 'SLI-07 SLI-08 SLI-40 past the idle timeout the same GET is answered, in one round trip'(open) {
    const site = await open()
    const browser = await remembered(site)
    const before = { id: (await sessionOf(browser))?.id, refresh: refreshOf(site, browser) }
    site.clock.advance(idle)
    assert.equal((await sessionOf(browser))?.id, before.id, 'valid at the deadline')
    site.clock.advance(idle + 1)
    const reply = await browser.open('/account?tab=2')
    assert.deepEqual([reply.status, reply.body], [200, 'the account page'])
    assert.equal(reply.cookies.length, 2)
    assert.equal(reply.headers['cache-control'], 'no-store')
    assert.notEqual((await sessionOf(browser))?.id, before.id)
    assert.notEqual(refreshOf(site, browser), before.refresh)
    const [row] = (await site.rows()).filter(({ id }) => id === before.id)
    assert.equal(row?.endReason, 'remember_restored')
    assert.deepEqual((await browser.get('/account')).cookies, [], 'and then it is a session like any other')
  },

  async 'SLI-40 what was posted past the idle timeout is not lost'(open) {
    const { browser } = await timedOut(open)
    const text = 'a letter that took long to write\n'.repeat(1_000)
    const reply = await browser.post('/echo', {}, text)
    assert.deepEqual([reply.status, reply.body], [200, text])
  },

  async 'R-08 R-09 SLI-40 a browser that was closed is restored, without a factor'(open) {
    const site = await open()
    const browser = await remembered(site, '&assurance=2&amr=pwd,otp')
    const first = await sessionOf(browser)
    browser.restart()
    assert.deepEqual([...browser.jar.keys()], [site.auth.web.rememberCookie])
    site.clock.advance(idle + 1)
    const restored = await sessionOf(browser)
    assert.deepEqual([first?.restored, restored?.restored], [false, true])
    assert.deepEqual([first?.assurance, restored?.assurance], [2, 1])
    assert.equal(restored?.method, 'remember')
    assert.equal(restored.authenticatedAt, first?.authenticatedAt)
  },

  async 'SLI-06 SLI-41 restored at 30 days, and one millisecond later a login is needed'(open) {
    for (const [late, status] of [
      [0, 200],
      [1, 401],
    ] as const) {
      const site = await open()
      const browser = await remembered(site)
      site.clock.advance(30 * day + late)
      assert.equal((await browser.get('/account')).status, status)
    }
  },

  async 'SLI-41 past the idle timeout who is not remembered has to log in'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    site.clock.advance(idle + 1)
    const page = await browser.open('/account')
    assert.deepEqual(
      [page.status, page.headers.location],
      [303, '/login?reason=idle_timeout&return_to=%2Faccount'],
    )
    assert.equal((await browser.get('/account')).status, 401)
  },

  async 'SLI-39 within the idle timeout the session goes on, and the refresh token is left alone'(open) {
    const site = await open()
    const browser = await remembered(site)
    const refresh = refreshOf(site, browser)
    site.clock.advance(idle)
    const { status, cookies } = await browser.get('/account')
    assert.deepEqual([status, cookies, refreshOf(site, browser)], [200, [], refresh])
  },

  async 'R-28 what nobody has asked to see restores nothing, and leaves it to what somebody asks'(open) {
    const passive = [prefetched, { 'x-session-activity': 'passive' }, { 'sec-fetch-dest': 'image' }]
    for (const headers of passive) {
      const { site, browser } = await timedOut(open)
      const refresh = refreshOf(site, browser)
      const reply = await browser.get('/account', headers)
      assert.deepEqual([reply.status, reply.cookies, reasonIn(reply)], [401, [], 'idle_timeout'])
      browser.restart()
      assert.equal((await browser.get('/account', headers)).status, 401)
      assert.deepEqual([(await site.rows()).length, refreshOf(site, browser)], [1, refresh])
      assert.equal((await browser.get('/account')).status, 200)
    }
  },

  async 'P-10 tabs that wake together are all answered, and get one session'(open) {
    const { site, browser } = await timedOut(open)
    const replies = await Promise.all(Array.from({ length: 10 }, () => browser.get('/account')))
    for (const { status } of replies) assert.equal(status, 200)
    assert.equal(new Set(replies.flatMap(({ cookies }) => cookies)).size, 2)
    assert.equal((await site.auth.list()).items.length, 1)
  },

  async 'P-10 SLI-40 a browser whose answer was lost is restored again by what it has'(open) {
    const { site, browser } = await timedOut(open)
    const lost = browser.copy()
    await lost.get('/account')
    site.clock.advance(5 * 60 * second)
    assert.equal((await browser.get('/account')).status, 200)
    assert.equal(refreshOf(site, browser), refreshOf(site, lost))
  },

  async 'SLI-40 P-10 a request two generations behind is told to try again, and nothing ends'(open) {
    const { site, browser } = await timedOut(open)
    const [late, page, form] = [browser.copy(), browser.copy(), browser.copy()]
    await browser.get('/account')
    browser.restart()
    await browser.get('/account')
    const reply = await late.get('/account')
    assert.deepEqual([reply.status, reasonIn(reply), reply.headers['retry-after']], [401, 'retry', '0'])
    assert.deepEqual([reply.cookies, reply.headers['cache-control']], [[], 'no-store'])
    assert.deepEqual([(await page.open('/account')).headers.refresh], ['1'])
    const { headers } = await form.submit('/account')
    assert.deepEqual(
      [headers.refresh, headers['retry-after']],
      [undefined, '0'],
      'a form is not a page to load',
    )
    for (const [name, value] of browser.jar) late.jar.set(name, value)
    assert.equal((await late.get('/account')).status, 200)
    assert.equal((await site.auth.list()).items.length, 1)
  },

  async 'A-05 SLI-09 a copied token ends the family: whoever comes after the other, both are told'(open) {
    for (const thiefFirst of [true, false]) {
      const { site, browser: owner } = await timedOut(open)
      const thief = owner.copy()
      const [first, later] = thiefFirst ? [thief, owner] : [owner, thief]
      assert.equal((await first.get('/account')).status, 200)
      assert.equal((await first.get('/account')).status, 200)
      site.clock.advance(20 * second + 1)
      const caught = await later.get('/account')
      assert.deepEqual([caught.status, reasonIn(caught)], [401, 'token_reuse'])
      const told = await first.open('/account')
      assert.match(told.headers.location ?? '', /[?&]reason=token_reuse&/)
      for (const browser of [first, later]) {
        browser.restart()
        assert.equal((await browser.get('/account')).status, 401)
      }
      assert.deepEqual((await site.auth.list()).items, [])
    }
  },

  async 'A-32 each secret opens its own slot and no other'(open) {
    const site = await open()
    const browser = await remembered(site)
    await browser.get('/visitor')
    const { cookie, rememberCookie, visitorCookie } = site.auth.web
    const secrets = [cookie, rememberCookie, visitorCookie].map((name) => browser.jar.get(name) ?? '')
    assert.ok(secrets.every((secret) => secret !== ''))
    site.clock.advance(idle + 1)
    for (const [slot, name] of [cookie, rememberCookie].entries())
      for (const [kind, secret] of secrets.entries()) {
        if (slot === kind) continue
        const other = site.browser()
        other.jar.set(name, secret)
        assert.equal((await other.get('/account')).status, 401, `${kind} as ${name}`)
      }
    for (const secret of secrets.slice(0, 2)) {
      const other = site.browser()
      other.jar.set(visitorCookie, secret)
      const uid = JSON.parse((await other.get('/visitor')).body) as string
      assert.ok(!secret.includes(uid), 'no secret is shown as a visitor id')
    }
    assert.equal((await browser.get('/account')).status, 200, 'and none of this has hurt its owner')
  },

  async 'SLI-35 a browser with cookies and a client that holds its tokens each survive their own restoration'(
    open,
  ) {
    const site = await open()
    const request = { userAgent: 'an app', ip: null, passive: false }
    const desktop = await remembered(site)
    const mobile = await site.auth.start({ subject: 'u-1', remember: true, request })
    site.clock.advance(idle + 1)
    assert.equal((await desktop.get('/account')).status, 200)
    const restored = await site.auth.restore(mobile.refresh?.reveal() ?? '', request)
    assert.ok(restored.state === 'restored')
    const { state } = await site.auth.verify(restored.started.token.reveal(), request)
    assert.equal(state, 'active')
    assert.equal((await desktop.get('/account')).status, 200)
    assert.equal((await site.auth.list({ subject: 'u-1' })).items.length, 2)
  },
}

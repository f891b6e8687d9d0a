import assert from 'node:assert/strict'
import { day, hour, minute } from '../../core/duration.ts'
import { type Browser, prefetched, type Reply } from './browser.ts'
import type { Laws, Site } from './site.ts'

const idle = 2 * hour

/** What a page shows for the visitor id. */
async function uidIn(browser: Browser, headers = {}): Promise<string> {
  const uid = JSON.parse((await browser.get('/visitor', headers)).body) as string
  assert.match(uid, /^[\w-]{22}$/)
  return uid
}

function setBy(site: Site, { cookies }: Reply): readonly string[] {
  return cookies.filter((cookie) => cookie.startsWith(`${site.auth.web.visitorCookie}=`))
}

export const visitorLaws: Laws = {
  async 'AUR-07 a page can show a visitor id, for a guest and for a member, and it is theirs'(open) {
    const site = await open()
    const [one, two, member] = [site.browser(), site.browser(), await site.loggedIn()]
    const uids = [await uidIn(one), await uidIn(two), await uidIn(member)]
    assert.equal(new Set(uids).size, 3)
    assert.deepEqual([await uidIn(one), await uidIn(two), await uidIn(member)], uids)
  },

  async 'AUR-07 P-04 a page that does not ask gives no visitor id, and no guest a session for it'(open) {
    const site = await open()
    const browser = site.browser()
    for (const path of ['/plain', '/whoami']) assert.deepEqual((await browser.get(path)).cookies, [])
    assert.deepEqual((await (await site.loggedIn()).post('/write')).cookies, [])
    const reply = await browser.get('/visitor')
    assert.equal(reply.cookies.length, 1)
    assert.deepEqual(
      (await site.rows()).filter(({ subject }) => subject === null),
      [],
    )
  },

  async 'AUR-11 its cookie lives a year from its issue, out of reach of scripts, and is not set again'(open) {
    const site = await open()
    const browser = site.browser()
    const issued = await browser.get('/visitor')
    assert.match(
      issued.cookies[0] ?? '',
      /^__Host-Http-sid-v=v1\.[\w-]{22}\.\d+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000$/,
    )
    const uid = JSON.parse(issued.body) as string
    for (const later of [0, 364 * day + 23 * hour, hour]) {
      site.clock.advance(later)
      const reply = await browser.get('/visitor')
      assert.deepEqual([JSON.parse(reply.body), reply.cookies], [uid, []])
    }
    site.clock.advance(1)
    assert.notEqual(await uidIn(browser), uid)
  },

  async 'AUR-08 AUR-12 two orders of one browser carry one visitor id, another browser’s another'(open) {
    const site = await open()
    const browser = site.browser()
    const order = async (of: Browser): Promise<unknown> => JSON.parse((await of.post('/order')).body)
    const first = await order(browser)
    assert.deepEqual(first, { channel: 'web', visitor_uid: await uidIn(browser) })
    await browser.post('/login')
    assert.deepEqual(await order(browser), first)
    assert.notDeepEqual(await order(site.browser()), first)
    await browser.post('/logout')
    assert.notDeepEqual(await order(browser), first)
  },

  async 'AUR-09 SLI-31 it stays at login, at another login, and when the session is restored'(open) {
    const site = await open()
    const browser = site.browser()
    const uid = await uidIn(browser)
    await browser.post('/write')
    for (const subject of ['u-1', 'u-1', 'u-2']) {
      const { cookies } = await browser.post(`/login?remember=1&subject=${subject}`)
      assert.equal(cookies.length, 2)
      assert.equal(await uidIn(browser), uid)
    }
    site.clock.advance(idle + 1)
    assert.equal((await browser.get('/account')).status, 200)
    assert.equal(await uidIn(browser), uid)
  },

  async 'AUR-10 it changes at logout, once, with the answer to the logout'(open) {
    const site = await open()
    const browser = site.browser()
    const uid = await uidIn(browser)
    await browser.post('/login')
    const reply = await browser.post('/logout')
    assert.equal(setBy(site, reply).length, 1)
    const next = await uidIn(browser)
    assert.notEqual(next, uid)
    assert.equal(await uidIn(browser), next)
    await browser.post('/logout')
    assert.equal(await uidIn(browser), next, 'a guest cannot be logged out')
  },

  async 'AUR-10 it changes after an automatic logout, once, though the login page does not ask for it'(open) {
    const site = await open()
    const browser = site.browser()
    const uid = await uidIn(browser)
    await browser.post('/login')
    site.clock.advance(idle)
    assert.equal(await uidIn(browser), uid)
    site.clock.advance(idle + 1)
    assert.equal(setBy(site, await browser.open('/account')).length, 1)
    assert.deepEqual((await browser.open('/account')).cookies, [])
    await browser.post('/login')
    const next = await uidIn(browser)
    assert.notEqual(next, uid)
    site.clock.advance(minute)
    assert.equal(await uidIn(browser), next)
  },

  async 'AUR-10 so it does where somebody else ended the session, and not where a guest’s ran out'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    const uid = await uidIn(browser)
    await site.auth.end({ subject: 'u-1' }, 'admin_revoked')
    const next = await uidIn(browser)
    assert.notEqual(next, uid)
    const guest = site.browser()
    await guest.post('/write')
    const before = await uidIn(guest)
    site.clock.advance(idle + 1)
    assert.equal(await uidIn(guest), before)
  },

  async 'AUR-10 a logout gives nobody a visitor id who had none'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    const { cookies } = await browser.post('/logout')
    assert.deepEqual([cookies.length, browser.jar.size], [1, 0])
    const other = await site.loggedIn()
    site.clock.advance(idle + 1)
    assert.deepEqual((await other.get('/account')).cookies, [])
  },

  async 'AUR-10 of a remembered device whose session waits to be restored, nobody was logged out'(open) {
    const site = await open()
    const browser = site.browser()
    const uid = await uidIn(browser)
    await browser.post('/login?remember=1')
    site.clock.advance(idle + 1)
    assert.equal(await uidIn(browser, prefetched), uid)
    assert.equal((await browser.get('/account')).status, 200)
    assert.equal(await uidIn(browser), uid)
  },

  async 'AUR-06 R-69 a page with a visitor id is kept by no cache, and the id opens nothing'(open) {
    const site = await open()
    const browser = site.browser()
    for (let i = 0; i < 2; i++)
      assert.equal((await browser.get('/visitor')).headers['cache-control'], 'no-store')
    const member = await site.loggedIn()
    await member.get('/visitor')
    assert.equal((await member.get('/visitor')).headers['cache-control'], 'no-store')
    const other = site.browser()
    for (const name of [site.auth.web.cookie, site.auth.web.rememberCookie])
      other.jar.set(name, await uidIn(member))
    assert.equal((await other.get('/account')).status, 401)
  },

  async 'what is no visitor id is not shown, and is replaced'(open) {
    const site = await open()
    const { visitorCookie } = site.auth.web
    const later = site.clock.now() + hour
    for (const text of ['', 'x', '<script>', `v1.${'A'.repeat(21)}.1`, `v1.${'A'.repeat(22)}.${later}`]) {
      const browser = site.browser()
      browser.jar.set(visitorCookie, text)
      const uid = await uidIn(browser)
      assert.ok(!text.includes(uid))
      assert.equal(await uidIn(browser), uid)
    }
  },
}

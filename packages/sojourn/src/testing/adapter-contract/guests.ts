import assert from 'node:assert/strict'
import { type Activity, activityKinds } from '../../core/activities.ts'
import { minute } from '../../core/duration.ts'
import { type Browser, prefetched } from './browser.ts'
import type { Laws } from './site.ts'

export const guestLaws: Laws = {
  async 'P-04 JAD-04 a GET that writes nothing sets no cookie, makes no row, and asks the store nothing'(
    open,
  ) {
    const site = await open()
    const { cookies, body } = await site.browser().get('/plain')
    assert.deepEqual([cookies, body], [[], 'plain'])
    assert.deepEqual(await site.rows(), [])
    assert.deepEqual(site.store.calls, ['list'])
  },

  async 'P-22 A-33 SLI-28 a thousand requests without a cookie make no row'(open) {
    const site = await open()
    const browser = site.browser()
    for (let i = 0; i < 100; i++) {
      const replies = await Promise.all(Array.from({ length: 10 }, () => browser.get('/read?key=key')))
      for (const { cookies } of replies) assert.deepEqual(cookies, [])
    }
    assert.deepEqual(await site.rows(), [])
  },

  async 'P-22 what leaves nothing to keep makes no row: a delete, a message taken, an empty logout'(open) {
    const site = await open()
    const browser = site.browser()
    assert.equal((await browser.post('/delete')).status, 200)
    assert.equal((await browser.get('/notice')).body, 'null')
    assert.equal((await browser.post('/logout')).status, 303)
    assert.deepEqual(await site.rows(), [])
  },

  async 'P-04 a session is not saved anew, nor its cookie set again, by requests that only read'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    site.store.calls.length = 0
    for (let i = 0; i < 5; i++) assert.deepEqual((await browser.get('/whoami')).cookies, [])
    assert.deepEqual(site.store.calls, Array<string>(5).fill('find'))
  },

  async 'JAD-04 SLI-29 the first write of a guest starts a session, which keeps it'(open) {
    const site = await open()
    const browser = site.browser()
    const { cookies } = await browser.post('/write?key=cart&value=apples')
    assert.equal(cookies.length, 1)
    assert.equal((await browser.get('/read?key=cart')).body, '"apples"')
    const [row, ...others] = await site.rows()
    assert.deepEqual([row?.subject, others.length], [null, 0])
  },

  async 'P-25 SLI-31 a guest’s data comes along at login; the guest’s session ends as upgraded'(open) {
    const site = await open()
    const browser = site.browser()
    await browser.post('/write?key=cart&value=apples')
    await browser.post('/login')
    assert.equal((await browser.get('/read?key=cart')).body, '"apples"')
    const ends = (await site.rows()).map(({ subject, endReason }) => [subject, endReason])
    assert.deepEqual(
      new Map(ends as [string | null, string | null][]),
      new Map([
        ['u-1', null],
        [null, 'upgraded'],
      ]),
    )
  },

  async 'A-18 names of an object’s own inheritance are keys like any other, or are refused'(open) {
    const site = await open()
    const browser = site.browser()
    for (const key of ['toString', 'hasOwnProperty', '__proto__', 'constructor'])
      assert.equal((await browser.get(`/read?key=${key}`)).body, 'null', `guest: ${key}`)
    await site.loggedIn()
    await browser.post('/login')
    for (const key of ['toString', 'valueOf', '__proto__', 'constructor', 'prototype'])
      assert.equal((await browser.get(`/read?key=${key}`)).body, 'null', key)
    assert.equal((await browser.post('/write?key=toString&value=mine')).status, 200)
    assert.equal((await browser.get('/read?key=toString')).body, '"mine"')
    for (const key of ['__proto__', 'constructor', 'prototype'])
      assert.notEqual((await browser.post(`/write?key=${key}&value=x`)).status, 200, key)
    assert.equal(({} as { polluted?: unknown }).polluted, undefined)
  },

  async 'SLI-28 R-28 crawlers, images and pages that are fetched in advance start no session'(open) {
    const site = await open()
    const nobody = [
      { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' },
      { 'user-agent': 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)' },
      { 'user-agent': 'Mozilla/5.0 (Linux; Android 14) Firefox/140.0', 'sec-fetch-dest': 'image' },
      { 'x-session-activity': 'passive' },
      prefetched,
    ]
    for (const headers of nobody) {
      const browser = site.browser()
      const shown = JSON.parse((await browser.post('/activity', headers)).body) as unknown[]
      assert.equal(shown.length, 1, 'the request itself sees what it wrote')
      for (const path of ['/write', '/flash', '/public', '/form?page=1', '/update']) {
        const reply = await browser.post(path, headers)
        assert.deepEqual([reply.status < 400, reply.cookies], [true, []], path)
      }
      assert.equal((await browser.post('/public', headers)).headers['cache-control'], 'public, max-age=60')
    }
    assert.deepEqual([await site.rows(), site.store.calls], [[], ['list']])
  },

  async 'SLI-28 what nobody has asked to see is kept where there is a session, and a crawler can log in'(
    open,
  ) {
    const site = await open()
    const browser = site.browser()
    await browser.post('/write')
    await browser.post('/activity?name=seen', { 'x-session-activity': 'passive' })
    assert.equal((await activitiesOf(browser)).length, 1)
    const tool = site.browser()
    await tool.post('/login', { 'user-agent': 'a-bot/1.0' })
    await tool.post('/write', { 'user-agent': 'a-bot/1.0' })
    assert.equal((await tool.get('/read?key=key')).body, '"value"')
  },

  async 'SLI-30 PCA-01 PCA-02 what somebody does is noted in the session, five kinds, and goes with it'(
    open,
  ) {
    const site = await open()
    const browser = site.browser()
    for (const kind of activityKinds)
      assert.equal((await browser.post(`/activity?kind=${kind}&name=/shoes`)).status, 200)
    const noted = await activitiesOf(browser)
    assert.deepEqual(
      noted.map(({ kind, name, at, data }) => [kind, name, at, data]),
      activityKinds.map((kind) => [kind, '/shoes', site.clock.now(), { first: true }]),
    )
    assert.ok((await browser.post('/activity?kind=espionage')).status >= 400)
    assert.deepEqual(await activitiesOf(browser), noted)
    const [row] = await site.rows()
    await site.auth.end({ id: row?.id ?? '' }, 'maintenance')
    await site.store.store.sweep(site.clock.now(), { limit: 10, purgeBefore: site.clock.now() + 1 })
    assert.equal(await site.auth.data.read(row?.id ?? ''), undefined)
  },

  async 'SLI-30 the newest are kept, and of requests at once none is lost'(open) {
    const site = await open({ policy: { activitiesKept: 12 } })
    const browser = site.browser()
    await browser.post('/activity?name=first')
    await Promise.all(Array.from({ length: 12 }, (_, i) => browser.post(`/activity?name=${i}`)))
    const names = (await activitiesOf(browser)).map(({ name }) => name)
    assert.deepEqual(new Set(names), new Set(Array.from({ length: 12 }, (_, i) => `${i}`)))
    const none = await open({ policy: { activitiesKept: 0 } })
    assert.deepEqual((await none.browser().post('/activity')).cookies, [])
    assert.deepEqual(await none.rows(), [])
  },

  async 'SLI-31 AUR-09 a login carries cart, activities and visitor id over, under another session'(open) {
    const site = await open()
    const browser = site.browser()
    await browser.post('/write?key=cart&value=apples')
    await browser.post('/activity?name=/apples')
    const visitor = (await browser.get('/visitor')).body
    const [guest] = await site.rows()
    const activities = await activitiesOf(browser)
    await browser.post('/login')
    assert.equal((await browser.get('/read?key=cart')).body, '"apples"')
    assert.deepEqual(await activitiesOf(browser), activities)
    assert.equal((await browser.get('/visitor')).body, visitor)
    const [live] = (await site.auth.list()).items
    assert.notEqual(live?.id, guest?.id)
    assert.equal((await site.rows()).find(({ id }) => id === guest?.id)?.endReason, 'upgraded')
  },

  async 'P-25 SLI-31 what a guest has and what was kept of the user are merged by the rule of the key'(open) {
    const kept = encodeURIComponent('{"cart":["pear","fig"],"theme":"dark"}')
    const cartOf = async (browser: Browser): Promise<unknown> =>
      JSON.parse((await browser.get('/read?key=cart')).body)
    for (const [merge, expected] of [
      [{ cart: 'union' }, ['pear', 'fig', 'apple']],
      [{ cart: 'keep-guest' }, ['apple', 'pear']],
      [{ cart: (guest: unknown) => guest as string[] }, ['apple', 'pear']],
      [{}, ['pear', 'fig']],
    ] as const) {
      const site = await open({ merge })
      const browser = site.browser()
      await browser.post('/cart?items=["apple","pear"]')
      await browser.post(`/login?data=${kept}`)
      assert.deepEqual(await cartOf(browser), expected)
      assert.equal((await browser.get('/read?key=theme')).body, '"dark"')
      const quick = site.browser()
      await quick.post(`/login?cart=["apple","pear"]&data=${kept}`)
      assert.deepEqual(await cartOf(quick), expected, 'also what was written with the login')
    }
  },

  async 'SLI-29 SLI-33 a guest’s cart is there for half an hour of quiet, and gone one millisecond later'(
    open,
  ) {
    const site = await open()
    const browser = site.browser()
    await browser.post('/write?key=cart&value=apples')
    for (let i = 0; i < 3; i++) {
      site.clock.advance(30 * minute)
      assert.equal((await browser.get('/read?key=cart')).body, '"apples"')
    }
    site.clock.advance(30 * minute + 1)
    assert.equal((await browser.get('/read?key=cart')).body, 'null')
    await browser.post('/write?key=cart&value=pears')
    assert.equal((await browser.get('/read?key=cart')).body, '"pears"')
  },

  async 'SLI-32 R-08 a guest is never remembered'(open) {
    const site = await open()
    const browser = site.browser()
    await browser.post('/write')
    assert.deepEqual([...browser.jar.keys()], [site.auth.web.cookie])
    const [row] = await site.rows()
    assert.deepEqual([row?.rememberedUntil, row?.family], [null, null])
  },
}

async function activitiesOf(browser: Browser): Promise<readonly Activity[]> {
  return JSON.parse((await browser.get('/activities')).body) as readonly Activity[]
}

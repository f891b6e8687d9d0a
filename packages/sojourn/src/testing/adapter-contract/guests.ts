import assert from 'node:assert/strict'
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

  async 'R-28 a page that is fetched in advance starts no session and is nobody’s activity'(open) {
    const site = await open({ policy: { idleTimeout: '1h', guestIdleTimeout: '1h', touchEvery: '0s' } })
    const guest = site.browser()
    assert.deepEqual((await guest.get('/plain', { 'sec-purpose': 'prefetch' })).cookies, [])
    assert.deepEqual(await site.rows(), [])
  },
}

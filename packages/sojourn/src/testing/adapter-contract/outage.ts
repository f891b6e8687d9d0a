import assert from 'node:assert/strict'
import type { Reply } from './browser.ts'
import type { Laws } from './site.ts'

function isUnavailable({ status, headers, body, cookies }: Reply): void {
  assert.equal(status, 503)
  assert.match(headers['content-type'] ?? '', /^application\/problem\+json/)
  assert.match(headers['retry-after'] ?? '', /^\d+$/)
  assert.equal(headers['cache-control'], 'no-store')
  assert.equal((JSON.parse(body) as { error: unknown }).error, 'store_unavailable')
  assert.doesNotMatch(body, /refused|\n\s+at /, 'the inside of the fault is not shown')
  assert.deepEqual(cookies, [])
}

export const outageLaws: Laws = {
  async 'P-23 A-30 R-73 store down: 503, no session for anybody; up again: the same session'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    site.store.down = true
    for (let i = 0; i < 5; i++) isUnavailable(await browser.get('/account'))
    isUnavailable(await browser.open('/account'))
    isUnavailable(await browser.post('/write'))
    isUnavailable(await browser.post('/logout'))
    assert.equal((await site.browser().get('/plain')).status, 200, 'who has no session needs no store')
    isUnavailable(await site.browser().post('/write'))
    const login = await site.browser().post('/login')
    assert.deepEqual(
      [login.status >= 500, login.cookies],
      [true, []],
      'the framework words what a handler throws',
    )
    site.store.down = false
    assert.equal((await browser.get('/account')).status, 200)
    assert.equal((await site.rows()).length, 1)
  },

  async 'P-23 a store that does not answer is given the time of the policy, not more'(open) {
    const site = await open({ policy: { storeTimeout: '3s' } })
    const browser = await site.loggedIn()
    const pause = site.store.pause('find')
    const sent = browser.send('GET', '/account', { accept: '*/*' })
    await pause.reached
    site.clock.advance(2_999)
    assert.equal((await site.browser().get('/plain')).status, 200)
    assert.equal(sent.hasAnswer(), false)
    site.clock.advance(1)
    isUnavailable(await sent.reply)
    pause.release()
    assert.equal((await browser.get('/account')).status, 200)
  },

  async 'P-23 where the site says so, pages are served as a guest’s, who can write nothing'(open) {
    const serveWithoutStore = ({ url }: { url: string }): boolean => !url.includes('/account')
    const site = await open({ serveWithoutStore })
    const browser = await site.loggedIn()
    const { cookie } = browser
    site.store.down = true
    assert.match((await browser.get('/whoami')).body, /"isLoggedIn":false/)
    isUnavailable(await browser.get('/account'))
    for (const path of ['/gate/write', '/login']) {
      site.store.down = true
      const reply = browser.post(path)
      if (path.startsWith('/gate')) await site.gate.waiting(1)
      else await reply
      // Back before the write: a session that was started now would take the place of the old one.
      site.store.down = false
      site.gate.open()
      assert.deepEqual([(await reply).status >= 500, (await reply).cookies], [true, []], path)
    }
    assert.equal(browser.cookie, cookie)
    assert.match((await browser.get('/whoami')).body, /"subject":"u-1"/)
    assert.equal((await site.rows()).length, 1)
  },

  async 'P-23 the policy can say the same for every page'(open) {
    const site = await open({ policy: { onStoreError: 'guest' } })
    const browser = await site.loggedIn()
    site.store.down = true
    assert.equal((await browser.get('/plain')).status, 200)
    assert.equal((await browser.get('/account')).status, 401)
    site.store.down = false
    assert.equal((await browser.get('/account')).status, 200)
  },

  async 'P-23 A-30 a store that fails between read and write: 503 in place of the answer, nothing half done'(
    open,
  ) {
    const site = await open()
    const browser = await site.loggedIn()
    const slow = browser.post('/gate/write')
    await site.gate.waiting(1)
    site.store.down = true
    site.gate.open()
    isUnavailable(await slow)
    site.store.down = false
    assert.equal((await browser.get('/read?key=key')).body, 'null')
  },
}

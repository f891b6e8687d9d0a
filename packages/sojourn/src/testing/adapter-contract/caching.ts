import assert from 'node:assert/strict'
import type { Laws } from './site.ts'

export const cachingLaws: Laws = {
  async 'R-69 A-19 an answer that sets or was made for a session is kept by no cache'(open) {
    const site = await open()
    const browser = site.browser()
    const login = await browser.post('/login')
    const replies = [
      login,
      await browser.get('/plain'),
      await browser.open('/account'),
      await browser.send('HEAD', '/plain').reply,
      await browser.get('/none.css'),
      await browser.post('/write'),
      await site.browser().get('/account'),
      await browser.post('/logout'),
    ]
    for (const { headers } of replies) {
      assert.equal(headers['cache-control'], 'no-store')
      assert.match(headers.vary ?? '', /\bCookie\b/)
    }
  },

  async 'R-69 a page that depends on no session may be kept, by cookie'(open) {
    const site = await open()
    const { headers } = await site.browser().get('/plain')
    assert.equal(headers['cache-control'], undefined)
    assert.match(headers.vary ?? '', /\bCookie\b/)
    assert.equal((await site.browser().get('/public')).headers['cache-control'], 'public, max-age=60')
  },

  async 'A-19 whatever the handler says, no cache keeps an answer that changed a session'(open) {
    const site = await open({ policy: { regenerateEvery: '5m' } })
    const guest = site.browser()
    const started = await guest.post('/public')
    assert.deepEqual([started.cookies.length, started.headers['cache-control']], [1, 'no-store'])
    site.clock.advance(300_001)
    const replaced = await guest.get('/public')
    assert.deepEqual([replaced.cookies.length, replaced.headers['cache-control']], [1, 'no-store'])
    const later = await guest.get('/public')
    assert.deepEqual([later.cookies.length, later.headers['cache-control']], [0, 'public, max-age=60'])
  },
}

import assert from 'node:assert/strict'
import { idle, refreshOf, remembered, timedOut } from './remembered.ts'
import type { Laws } from './site.ts'

export const forgetLaws: Laws = {
  async 'SLI-36 R-19 P-16 logging out forgets this device and no other: cookie and token'(open) {
    const site = await open()
    const [here, there] = [await remembered(site), await remembered(site)]
    const [copy, refresh] = [here.copy(), refreshOf(site, here)]
    const { cookies } = await here.post('/logout')
    assert.deepEqual(cookies.length, 2)
    assert.match(cookies[1] ?? '', /^__Host-Http-sid-r=; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=0$/)
    assert.equal(here.jar.size, 0)
    for (const after of [0, idle + 1]) {
      site.clock.advance(after)
      assert.equal((await copy.get('/account')).status, 401)
      copy.restart()
      assert.equal(refreshOf(site, copy), refresh)
      assert.equal((await copy.get('/account')).status, 401)
    }
    assert.equal((await there.get('/account')).status, 200)
  },

  async 'SLI-36 R-19 a logout past the idle timeout forgets the device as well'(open) {
    for (const headers of [{}, { 'x-session-activity': 'passive' }])
      for (const wasClosed of [false, true]) {
        const { site, browser } = await timedOut(open)
        const other = await remembered(site)
        if (wasClosed) browser.restart()
        const copy = browser.copy()
        await browser.post('/logout', headers)
        assert.equal(browser.jar.size, 0)
        assert.equal((await copy.get('/account')).status, 401, JSON.stringify(headers))
        assert.equal((await site.auth.list()).items.length, 1)
        assert.equal((await other.get('/account')).status, 200)
      }
  },

  async 'SLI-36 logging out everywhere forgets every device, also one whose session timed out'(open) {
    const { site, browser: old } = await timedOut(open)
    const here = await remembered(site)
    const other = await remembered(site, '&subject=u-2')
    await here.post('/logout?everywhere=1')
    assert.equal((await old.get('/account')).status, 401)
    site.clock.advance(idle + 1)
    assert.equal((await other.get('/account')).status, 200)
  },

  async 'a login that is not remembered forgets who was remembered in this browser before'(open) {
    const site = await open()
    const browser = await remembered(site)
    const copy = browser.copy()
    await browser.post('/login?subject=u-2')
    assert.deepEqual([...browser.jar.keys()], [site.auth.web.cookie])
    copy.restart()
    assert.equal((await copy.get('/account')).status, 401)
  },
}

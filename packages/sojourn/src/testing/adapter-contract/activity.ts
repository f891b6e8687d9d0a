import assert from 'node:assert/strict'
import { hour } from '../../core/duration.ts'
import { prefetched } from './browser.ts'
import type { Laws } from './site.ts'

const policy = { idleTimeout: '1h', touchEvery: '0s' } as const

export const activityLaws: Laws = {
  async 'P-15 A-31 a path that a rule calls passive is answered, and never extends a session'(open) {
    const site = await open({ policy, activity: [{ path: '/whoami', as: 'passive' }] })
    const browser = await site.loggedIn()
    for (let i = 0; i < 4; i++) {
      assert.match((await browser.get('/whoami', { 'x-session-activity': 'active' })).body, /"subject":"u-1"/)
      site.clock.advance(hour / 4)
    }
    assert.equal((await browser.get('/whoami')).status, 200)
    site.clock.advance(1)
    assert.equal((await browser.get('/account')).status, 401)
  },

  async 'P-15 a path that a rule calls active extends it, whatever the browser takes it for'(open) {
    const site = await open({ policy, activity: [{ path: '/plain', method: 'GET', as: 'active' }] })
    const browser = await site.loggedIn()
    for (let i = 0; i < 3; i++) {
      site.clock.advance(hour)
      assert.equal((await browser.get('/plain', { 'sec-fetch-dest': 'image' })).status, 200)
    }
    site.clock.advance(hour)
    await browser.get('/plain', prefetched)
    site.clock.advance(1)
    assert.equal((await browser.get('/account')).status, 401, 'nobody has looked at a prefetched page')
  },

  async 'P-15 R-69 an ignored path reads no session, asks no store, and is the same for everybody'(open) {
    const site = await open({
      activity: [
        { path: '/pub*', as: 'ignored' },
        { path: '/whoami', as: 'ignored' },
      ],
    })
    const browser = await site.loggedIn()
    site.store.calls.length = 0
    assert.match((await browser.get('/whoami')).body, /"subject":null/)
    const { headers, cookies } = await browser.get('/public')
    assert.deepEqual([headers['cache-control'], headers.vary, cookies], ['public, max-age=60', undefined, []])
    assert.deepEqual(site.store.calls, [])
    site.store.down = true
    assert.equal((await browser.get('/public')).status, 200)
  },

  async 'P-15 a handler of an ignored path that changes the session is at fault, and nothing is lost in silence'(
    open,
  ) {
    const paths = ['/write', '/login', '/logout', '/flash', '/form']
    const site = await open({ activity: paths.map((path) => ({ path, as: 'ignored' }) as const) })
    const browser = site.browser()
    for (const path of ['/write', '/login', '/logout', '/flash', '/form?page=1']) {
      const { status, cookies } = await browser.post(path)
      assert.deepEqual([status, cookies], [500, []], path)
    }
    const { status } = await browser.send('POST', '/write', { 'sec-fetch-site': 'cross-site' }).reply
    assert.equal(status, 403, 'another site changes nothing there either')
    assert.deepEqual(await site.rows(), [])
  },

  async 'P-15 Session-Expires says when the session ends, by the server’s clock'(open) {
    const site = await open({ policy: { ...policy, absoluteTimeout: '90m' }, expiresHeader: true })
    const browser = site.browser()
    const expires = async (path: string, headers = {}): Promise<unknown> =>
      (await browser.get(path, headers)).headers['session-expires']
    const began = site.clock.now()
    const says = (idle: number, absolute = began + 1.5 * hour): string =>
      `idle=${idle}, absolute=${absolute}, now=${site.clock.now()}`
    assert.equal(await expires('/plain'), undefined)
    assert.equal((await browser.post('/login')).headers['session-expires'], says(began + hour))
    site.clock.advance(hour / 4)
    assert.equal(await expires('/plain', { 'x-session-activity': 'passive' }), says(began + hour))
    assert.equal(await expires('/plain'), says(began + 1.25 * hour))
    site.clock.advance(hour / 2)
    assert.equal(await expires('/plain'), says(began + 1.5 * hour), 'never beyond the absolute timeout')
    site.clock.advance(hour)
    assert.equal(
      await expires('/plain'),
      says(began + 1.5 * hour),
      'and so for whoever held it when it is over',
    )
  },

  async 'Session-Expires: the last line of an answer holds, after a login, a logout, without a limit'(open) {
    const site = await open({ policy: { ...policy, absoluteTimeout: null }, expiresHeader: true })
    const browser = await site.loggedIn()
    const last = async (path: string): Promise<unknown> =>
      String((await browser.post(path)).headers['session-expires']).replace(/^.*(?=idle=)/, '')
    site.clock.advance(hour / 2)
    const now = site.clock.now()
    assert.equal(await last('/login'), `idle=${now + hour}, absolute=?0, now=${now}`)
    assert.equal(await last('/logout'), `idle=${now}, absolute=${now}, now=${now}`)
  },

  async 'Session-Expires is not said unless the site asks for it'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    assert.equal((await browser.get('/plain')).headers['session-expires'], undefined)
  },
}

import assert from 'node:assert/strict'
import type { Laws } from './site.ts'

const hour = 3_600_000
const policy = { idleTimeout: '1h', touchEvery: '0s' } as const

function words(body: string): unknown {
  const { error, reason } = JSON.parse(body) as { error: unknown; reason: unknown }
  return [error, reason]
}

export const refusalLaws: Laws = {
  async 'AUR-15 SLI-41 P-11 past the idle timeout a page leads to the login, with the reason and the way back'(
    open,
  ) {
    const site = await open({ policy })
    const browser = await site.loggedIn()
    site.clock.advance(hour)
    assert.equal((await browser.open('/account')).status, 200)
    site.clock.advance(hour + 1)
    const reply = await browser.open('/account?tab=2&x=a%20b')
    assert.equal(reply.status, 303)
    const { pathname, searchParams } = new URL(reply.headers.location ?? '', site.url)
    assert.equal(pathname, '/login')
    assert.deepEqual(
      [...searchParams],
      [
        ['reason', 'idle_timeout'],
        ['return_to', '/account?tab=2&x=a%20b'],
      ],
    )
    assert.equal(reply.headers['cache-control'], 'no-store')
  },

  async 'AUR-15 SLI-41 ROD-18 a program gets 401, the error and the reason'(open) {
    const site = await open({ policy })
    const browser = await site.loggedIn()
    site.clock.advance(hour + 1)
    const reply = await browser.get('/account')
    assert.equal(reply.status, 401)
    assert.match(reply.headers['content-type'] ?? '', /^application\/problem\+json/)
    assert.deepEqual(words(reply.body), ['login_required', 'idle_timeout'])
    assert.deepEqual(words((await site.browser().get('/account')).body), ['login_required', 'login_required'])
    await site.auth.end({ subject: 'u-1' }, 'admin_revoked')
    assert.deepEqual(words((await browser.get('/account')).body), ['login_required', 'idle_timeout'])
  },

  async 'P-11 every end is told by its reason to whoever held the session'(open) {
    const site = await open()
    for (const reason of ['admin_revoked', 'credential_changed', 'bulk_revoked'] as const) {
      const browser = await site.loggedIn()
      await site.auth.end({ subject: 'u-1' }, reason)
      assert.match(
        (await browser.open('/account')).headers.location ?? '',
        new RegExp(`[?&]reason=${reason}&`),
      )
      assert.deepEqual(words((await browser.get('/account')).body), ['login_required', reason])
    }
  },

  async 'a form that comes too late is not sent back to itself'(open) {
    const site = await open({ policy })
    const browser = await site.loggedIn()
    site.clock.advance(hour + 1)
    const reply = await browser.submit('/account')
    assert.deepEqual([reply.status, reply.headers.location], [303, '/login?reason=idle_timeout'])
  },

  async 'the login may live elsewhere'(open) {
    const site = await open({ loginPath: '/sign-in?tenant=a' })
    const { headers } = await site.browser().open('/account')
    assert.equal(headers.location, '/sign-in?tenant=a&reason=login_required&return_to=%2Faccount')
  },

  async 'P-15 A-31 R-28 polling, images and prefetches are answered but never extend a session'(open) {
    const passive = [
      { 'x-session-activity': 'passive' },
      { 'sec-fetch-dest': 'image' },
      { 'sec-purpose': 'prefetch;prerender', 'sec-fetch-dest': 'document' },
    ]
    for (const headers of passive) {
      const site = await open({ policy })
      const browser = await site.loggedIn()
      for (let i = 0; i < 4; i++) {
        assert.equal((await browser.get('/account', headers)).status, 200)
        site.clock.advance(hour / 4)
      }
      assert.equal((await browser.get('/account', headers)).status, 200, 'valid at the deadline')
      site.clock.advance(1)
      assert.equal((await browser.get('/account', headers)).status, 401, JSON.stringify(headers))
    }
  },

  async 'AUR-19 P-15 a request of a person starts the timer anew'(open) {
    const site = await open({ policy })
    const browser = await site.loggedIn()
    for (let i = 0; i < 3; i++) {
      site.clock.advance(hour)
      assert.equal((await browser.get('/account')).status, 200)
    }
    site.clock.advance(hour)
    assert.equal(
      (await browser.get('/account', { 'x-session-activity': 'active', 'sec-fetch-dest': 'image' })).status,
      200,
    )
    site.clock.advance(hour)
    assert.equal((await browser.get('/account')).status, 200)
  },

  async 'P-02 a page whose write came after the logout leads to the login'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    const slow = browser.submit('/gate/write')
    await site.gate.waiting(1)
    await site.auth.end({ subject: 'u-1' }, 'admin_revoked')
    site.gate.open()
    const { status, headers } = await slow
    assert.deepEqual([status, headers.location], [303, '/login?reason=inactive_session'])
  },
}

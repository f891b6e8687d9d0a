import assert from 'node:assert/strict'
import { day, hour, minute } from '../../core/duration.ts'
import type { Laws } from './site.ts'

const policy = { idleTimeout: '3d' } as const

export const freshLaws: Laws = {
  async 'R-29 P-20 what needs a recent login is open until its age is passed, however much the session is used'(
    open,
  ) {
    const site = await open({ policy })
    const browser = await site.loggedIn()
    for (let i = 0; i < 10; i++) {
      assert.equal((await browser.get('/recent')).status, 200)
      site.clock.advance(minute)
    }
    assert.equal((await browser.get('/recent')).status, 200, 'fresh at its age')
    site.clock.advance(1)
    assert.equal((await browser.get('/recent')).status, 401)
    assert.equal((await browser.get('/account')).status, 200, 'all else stays open')
    await browser.post('/login')
    assert.equal((await browser.get('/recent')).status, 200)
  },

  async 'R-29 a program is told what is missing, as RFC 9470 says it'(open) {
    const site = await open({ policy })
    const browser = await site.loggedIn()
    const at = site.clock.now()
    site.clock.advance(hour)
    const { headers, body } = await browser.get('/recent')
    assert.match(headers['content-type'] ?? '', /^application\/problem\+json/)
    assert.match(
      headers['www-authenticate'] ?? '',
      /^Bearer error="insufficient_user_authentication", .*max_age="600"$/,
    )
    assert.deepEqual(JSON.parse(body), {
      type: 'about:blank',
      status: 401,
      error: 'insufficient_user_authentication',
      reason: 'reauth_required',
      detail: 'This request needs a newer or stronger login.',
      max_age: 600,
      authenticated_at: at,
    })
    const strong = await browser.get('/strong')
    const said = JSON.parse(strong.body) as { [name: string]: unknown }
    assert.deepEqual(
      [said['reason'], said['acr_values'], said['amr_values']],
      ['step_up_required', 'aal2', ['otp']],
    )
    assert.match(strong.headers['www-authenticate'] ?? '', /acr_values="aal2"/)
    assert.equal(strong.headers['cache-control'], 'no-store')
  },

  async 'R-29 a page leads to the login, with the reason and the way back'(open) {
    const site = await open({ policy })
    const browser = await site.loggedIn()
    site.clock.advance(hour)
    const recent = await browser.open('/recent?tab=2')
    assert.deepEqual(
      [recent.status, recent.headers.location],
      [303, '/login?reason=reauth_required&return_to=%2Frecent%3Ftab%3D2'],
    )
    const strong = await browser.open('/strong')
    assert.equal(strong.headers.location, '/login?reason=step_up_required&return_to=%2Fstrong')
  },

  async 'R-29 who is not logged in is asked to, like everywhere else'(open) {
    const site = await open({ policy })
    const guest = site.browser()
    for (const browser of [guest, await site.loggedIn()]) {
      if (browser !== guest) site.clock.advance(3 * day + 1)
      const { body } = await browser.get('/recent')
      const { error, reason } = JSON.parse(body) as { error: unknown; reason: unknown }
      assert.deepEqual(
        [error, reason],
        ['login_required', browser === guest ? 'login_required' : 'idle_timeout'],
      )
    }
  },

  async 'R-29 two factors open what asks for them'(open) {
    const site = await open({ policy })
    const browser = site.browser()
    await browser.post('/login?assurance=2&amr=pwd,otp')
    assert.equal((await browser.get('/strong')).status, 200)
    await browser.post('/login?assurance=2&amr=pwd,sms')
    assert.equal((await browser.get('/strong')).status, 401, 'another second factor is not the one')
  },

  async 'R-29 nothing is fresh for another browser than the one that logged in'(open) {
    const site = await open({ policy: { fingerprint: 'family+os', onFingerprintChange: 'step-up' } })
    const browser = site.browser()
    const [firefox, safari] = [
      'Mozilla/5.0 (X11; Linux) Firefox/145.0',
      'Mozilla/5.0 (Macintosh) AppleWebKit/605',
    ]
    await browser.post('/login', { 'user-agent': firefox })
    assert.equal((await browser.get('/recent', { 'user-agent': firefox })).status, 200)
    const { status, body } = await browser.get('/recent', { 'user-agent': safari })
    assert.deepEqual([status, (JSON.parse(body) as { reason: unknown }).reason], [401, 'reauth_required'])
    assert.equal((await browser.get('/account', { 'user-agent': safari })).status, 200)
  },

  async 'R-08 P-20 a restored session is as old as its login: it is remembered, not authenticated'(open) {
    const site = await open()
    const browser = site.browser()
    await browser.post('/login?remember=1&assurance=2&amr=pwd,otp')
    site.clock.advance(2 * hour + 1)
    assert.equal((await browser.get('/account')).status, 200)
    assert.equal((await browser.get('/recent')).status, 401)
    assert.equal((await browser.get('/strong')).status, 401)
  },
}

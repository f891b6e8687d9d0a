import assert from 'node:assert/strict'
import { minute } from '../../core/duration.ts'
import type { Session } from '../../core/session.ts'
import { type Browser, prefetched, type Reply } from './browser.ts'
import type { Laws, Site } from './site.ts'

interface Asked {
  readonly waiting: { readonly for: string; readonly until: number } | null
  readonly choice: { readonly toEnd: number; readonly sessions: readonly Session[] } | null
}

const askUser = { limit: 1, onExceed: 'ask-user' } as const

async function asked(browser: Browser): Promise<Asked> {
  return JSON.parse((await browser.get('/choice')).body) as Asked
}

async function choose(browser: Browser, end: string): Promise<unknown> {
  return JSON.parse((await browser.post(`/choose?end=${end}`)).body)
}

/** A browser with the cookies of two. */
function withCookies(one: Browser, other: Browser): Browser {
  const both = one.copy()
  for (const [name, value] of other.jar) if (!both.jar.has(name)) both.jar.set(name, value)
  return both
}

/** What the site says to whoever has this token. */
async function holderOf(site: Site, token: string): Promise<Reply> {
  const browser = site.browser()
  browser.jar.set(site.auth.web.cookie, token)
  return browser.get('/account')
}

export const stepLaws: Laws = {
  async 'at the limit a login waits for a choice, is nobody’s until then, and can do nothing else'(open) {
    const site = await open({ policy: askUser })
    const [first, second, other] = [await site.loggedIn(), await site.loggedIn(), await site.loggedIn('u-2')]
    const { waiting, choice } = await asked(second)
    assert.deepEqual(
      [waiting?.for, waiting?.until, choice?.toEnd],
      ['choice', site.clock.now() + 10 * minute, 1],
    )
    const [{ id: firstId } = { id: '' }] = choice?.sessions ?? []
    assert.equal((await second.get('/account')).status, 401)
    assert.match((await second.get('/whoami')).body, /"isLoggedIn":false,"subject":null,"id":null/)
    const token = site.token(second)
    for (const path of ['/write', '/flash', '/activity', '/update']) await second.post(path)
    assert.equal((await second.post('/renew')).status >= 400, true)
    assert.equal((await second.post('/activate')).status >= 400, true, 'it waits for no step')
    assert.equal(site.token(second), token, 'nothing takes the place of the login')
    const theirs = (await site.auth.list({ subject: 'u-2' })).items[0]?.id ?? ''
    assert.deepEqual([await choose(second, theirs), await choose(second, 'none')], ['not_found', 'not_found'])
    assert.equal((await other.get('/account')).status, 200)
    assert.equal(await choose(second, firstId), 'logged_in')
    assert.equal((await second.get('/account')).status, 200)
    assert.match((await first.open('/account')).headers.location ?? '', /[?&]reason=user_revoked&/)
    assert.deepEqual(await asked(second), { waiting: null, choice: null })
    for (const browser of [second, site.browser()])
      assert.equal(await choose(browser, firstId), 'not_waiting')
    assert.equal((await holderOf(site, token)).status, 401, 'the token of the waiting login is dead')
  },

  async 'PCA-15 R-04 a login of two steps: the same session, a new token, logged in with the last'(open) {
    const site = await open()
    const browser = site.browser()
    await browser.post('/write?key=cart&value=apples')
    await browser.post('/login?pending=1')
    const token = site.token(browser)
    const { waiting } = await asked(browser)
    assert.equal(waiting?.for, 'step')
    assert.deepEqual(
      [(await holderOf(site, token)).status, (await browser.get('/strong')).status],
      [401, 401],
    )
    assert.equal((await browser.post('/activate?amr=otp')).body, 'null')
    assert.notEqual(site.token(browser), token)
    assert.equal(site.token(browser).split('.')[0], token.split('.')[0])
    assert.equal((await browser.get('/account')).status, 200)
    assert.equal((await browser.get('/read?key=cart')).body, '"apples"')
    assert.equal((await holderOf(site, token)).status, 401)
    assert.ok((await browser.post('/activate')).status >= 400)
  },

  async 'a login that waits is given up by a logout, replaced by a login, and over in time'(open) {
    const site = await open()
    const [one, two, three] = [site.browser(), site.browser(), site.browser()]
    for (const browser of [one, two, three]) await browser.post('/login?pending=1')
    await one.post('/logout')
    assert.equal(one.jar.size, 0)
    await two.post('/login')
    assert.equal((await two.get('/account')).status, 200)
    site.clock.advance(10 * minute + 1)
    assert.equal((await asked(three)).waiting, null)
    assert.ok((await three.post('/activate')).status >= 400)
    const reasons = (await site.rows()).map(({ endReason }) => endReason)
    assert.deepEqual(
      new Set(reasons),
      new Set(['user_logout', 'replaced_at_login', 'absolute_timeout', null]),
    )
  },

  async 'R-37 of several cookies a live session counts before a login that waits, and that before an ended one'(
    open,
  ) {
    const site = await open()
    const [live, pending, dead] = [await site.loggedIn(), site.browser(), await site.loggedIn('u-2')]
    await pending.post('/login?pending=1&subject=u-3')
    await site.auth.end({ subject: 'u-2' }, 'admin_revoked')
    const remembered = site.browser()
    await remembered.post('/login?remember=1&subject=u-4')
    remembered.restart()
    assert.equal(
      (await asked(withCookies(pending, remembered))).waiting?.for,
      'step',
      'it is not restored over',
    )
    const [l, p, d] = [live, pending, dead].map((browser) => browser.cookie)
    const read = async (...cookies: (string | undefined)[]): Promise<Asked> => {
      const { body } = await site.browser().get('/choice', { cookie: cookies.join('; ') })
      return JSON.parse(body) as Asked
    }
    for (const cookies of [
      [d, p],
      [p, d],
    ])
      assert.equal((await read(...cookies)).waiting?.for, 'step')
    for (const cookies of [
      [l, p],
      [p, l],
      [d, p, l],
    ])
      assert.equal((await read(...cookies)).waiting, null)
  },

  async 'R-04 R-29 another factor raises what a session may do, under a new token, and the old one is dead'(
    open,
  ) {
    const site = await open()
    const browser = await site.loggedIn()
    const [token, id] = [site.token(browser), site.token(browser).split('.')[0]]
    assert.equal((await browser.get('/strong')).status, 401)
    const { cookies } = await browser.post('/elevate')
    assert.equal(cookies.length, 1)
    assert.equal((await browser.get('/strong')).status, 200)
    assert.equal((await holderOf(site, token)).status, 401)
    assert.equal(site.token(browser).split('.')[0], id)
    const elevated = site.token(browser)
    await browser.post('/renew')
    assert.equal((await holderOf(site, elevated)).status, 401)
    assert.equal((await browser.get('/strong')).status, 200)
    assert.ok((await site.browser().post('/elevate')).status >= 400)
  },

  async 'R-15 a factor that was verified anew starts both timers anew'(open) {
    const site = await open({ policy: { idleTimeout: '30m', absoluteTimeout: '1h', touchEvery: '0s' } })
    const browser = await site.loggedIn()
    for (let i = 0; i < 3; i++) {
      site.clock.advance(20 * minute)
      await browser.post('/elevate')
    }
    site.clock.advance(20 * minute)
    assert.equal((await browser.get('/account')).status, 200)
  },

  async 'R-28 a page that is fetched ahead begins and completes no login; the same request later does'(open) {
    const site = await open()
    const browser = site.browser()
    const ahead = { ...prefetched, 'sec-fetch-site': 'same-origin' }
    const refused = async (path: string): Promise<void> => {
      const { status, cookies } = await browser.send('POST', path, ahead).reply
      assert.deepEqual([status >= 400, cookies], [true, []], path)
      assert.match((await browser.get('/whoami')).body, /"isLoggedIn":false/)
    }
    await refused('/login')
    const unawaited = await browser.send('POST', '/login?unawaited=1', ahead).reply
    assert.equal(unawaited.status, 403)
    assert.equal((JSON.parse(unawaited.body) as { error: unknown }).error, 'fetched_ahead')
    assert.deepEqual(await site.rows(), [])
    await browser.post('/login?pending=1')
    await refused('/activate')
    await browser.post('/activate')
    assert.match((await browser.get('/whoami')).body, /"isLoggedIn":true/)
  },
}

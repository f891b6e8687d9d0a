import assert from 'node:assert/strict'
import type { Browser } from './browser.ts'
import type { Laws, Site } from './site.ts'

interface Who {
  readonly isLoggedIn: boolean
  readonly subject: string | null
  readonly id: string | null
  readonly ended: { readonly reason: string } | null
}

async function who(browser: Browser): Promise<Who> {
  return JSON.parse((await browser.get('/whoami')).body) as Who
}

/** What the site says to somebody who has this token. */
async function holderOf(site: Site, token: string): Promise<Who> {
  const browser = site.browser()
  browser.jar.set(site.auth.web.cookie, token)
  return who(browser)
}

export const loginLaws: Laws = {
  async 'JAD-01 JAD-02 AUR-01 a session remembers whether somebody is logged in, and who'(open) {
    const site = await open()
    const browser = site.browser()
    assert.deepEqual(await who(browser), { isLoggedIn: false, subject: null, id: null, ended: null })
    await browser.post('/login?subject=u-42')
    const first = await who(browser)
    assert.deepEqual([first.isLoggedIn, first.subject], [true, 'u-42'])
    assert.deepEqual(await who(browser), first)
  },

  async 'AUR-02 R-04 A-01 login gives a new id and token; a planted session opens nothing afterwards'(open) {
    const site = await open()
    const attacker = site.browser()
    await attacker.post('/write')
    const planted = site.token(attacker)
    const victim = site.browser()
    victim.jar.set(site.auth.web.cookie, planted)
    await victim.post('/login')
    assert.notEqual(site.token(victim).split('.')[0], planted.split('.')[0])
    assert.equal((await holderOf(site, planted)).isLoggedIn, false)
    assert.equal((await who(attacker)).id, null)
    const live = (await site.auth.list({ subject: 'u-1' })).items
    assert.equal(live.length, 1)
  },

  async 'R-04 logging in again gives a new token, and the old one is dead'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    const old = site.token(browser)
    await browser.post('/login')
    assert.deepEqual((await holderOf(site, old)).ended?.reason, 'replaced_at_login')
    assert.equal((await who(browser)).subject, 'u-1')
  },

  async 'R-02 no two logins share a token, an id or a secret'(open) {
    const site = await open()
    const parts = new Set<string>()
    for (let i = 0; i < 20; i++)
      for (const part of site.token(await site.loggedIn()).split('.')) parts.add(part)
    assert.equal(parts.size, 40)
  },

  async 'R-05 a well-formed token that nobody made is not adopted'(open) {
    const site = await open()
    const browser = site.browser()
    const made = `${'A'.repeat(22)}.${'B'.repeat(43)}`
    browser.jar.set(site.auth.web.cookie, made)
    assert.equal((await who(browser)).id, null)
    await browser.post('/write')
    assert.notEqual(site.token(browser), made)
    assert.notEqual(site.token(browser).split('.')[0], 'A'.repeat(22))
    assert.equal(await site.auth.get('A'.repeat(22)), undefined)
  },

  async 'AUR-03 the session is on the server: with its row gone, nobody is logged in'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    const { id } = await who(browser)
    await site.auth.end({ id: id ?? '' }, 'maintenance')
    await site.store.store.sweep(site.clock.now(), { limit: 10, purgeBefore: site.clock.now() + 1 })
    assert.deepEqual(await who(browser), { isLoggedIn: false, subject: null, id: null, ended: null })
  },

  async 'AUR-04 the cookie carries the session: without it 401, with it 200'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    assert.equal((await site.browser().get('/account')).status, 401)
    assert.deepEqual((await browser.get('/account')).body, 'the account page')
  },

  async 'AUR-05 R-01 a token that is random, truncated, longer, or different in one bit opens nothing'(open) {
    const site = await open()
    const token = site.token(await site.loggedIn())
    const [id = '', secret = ''] = token.split('.')
    const flipped = (at: number): string =>
      token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
    const forged = [
      `${id}.${'A'.repeat(secret.length)}`,
      token.slice(0, -1),
      `${token}=`,
      `${token}A`,
      token.toUpperCase(),
      ...[0, id.length - 2, id.length + 1, token.length - 2].map(flipped),
    ]
    for (const one of forged) {
      const browser = site.browser()
      browser.jar.set(site.auth.web.cookie, one)
      assert.equal((await browser.get('/account')).status, 401, one)
      assert.deepEqual(await who(browser), { isLoggedIn: false, subject: null, id: null, ended: null }, one)
    }
    assert.equal((await holderOf(site, token)).subject, 'u-1')
  },

  async 'R-11 what is no token never reaches the store'(open) {
    const site = await open()
    const browser = site.browser()
    for (const text of [
      '',
      'x',
      'A'.repeat(10_000),
      "'",
      '$ne',
      '../../etc',
      '%00',
      '%F0%9F%98%80',
      '.',
      'a.b',
    ]) {
      browser.jar.set(site.auth.web.cookie, text)
      assert.equal((await browser.get('/plain')).status, 200)
      assert.equal((await browser.get('/account')).status, 401)
    }
    assert.deepEqual(site.store.calls, [])
  },

  async 'A-32 nothing else of a session passes for its token'(open) {
    const site = await open()
    const token = site.token(await site.loggedIn())
    const [id = '', secret = ''] = token.split('.')
    const { secretHash = '' } = (await site.store.store.find(id)) ?? {}
    for (const text of [
      id,
      secret,
      secretHash,
      `${secret}.${id}`,
      `${id}.${id}`,
      `${id}.${secretHash}`,
      `${secret}.${secret}`,
    ])
      assert.equal((await holderOf(site, text)).isLoggedIn, false, text)
  },

  async 'R-19 JAD-04 A-03 logout ends the session and clears its cookie by the same attributes'(open) {
    const site = await open()
    const browser = site.browser()
    const set = (await browser.post('/login')).cookies[0] ?? ''
    const token = site.token(browser)
    const reply = await browser.post('/logout')
    assert.deepEqual(site.setBy(reply), [`${set.replace(token, '')}; Max-Age=0`])
    assert.equal(browser.jar.size, 0)
    assert.deepEqual(await holderOf(site, token), {
      isLoggedIn: false,
      subject: null,
      id: null,
      ended: { reason: 'user_logout', at: site.clock.now(), restorable: false },
    })
  },

  async 'SLI-36 logging out here leaves the other devices alone; everywhere ends them all'(open) {
    const site = await open()
    const [one, two, three] = [await site.loggedIn(), await site.loggedIn(), await site.loggedIn()]
    const other = await site.loggedIn('u-2')
    await one.post('/logout')
    assert.deepEqual([(await who(one)).subject, (await who(two)).subject], [null, 'u-1'])
    await two.post('/logout?everywhere=1')
    assert.deepEqual([(await who(three)).ended?.reason, (await who(other)).subject], ['user_logout', 'u-2'])
  },

  async 'R-34 R-68 a token travels in the cookie alone, and none is read from an address'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    const token = site.token(browser)
    const secret = token.split('.')[1] ?? token
    await browser.post('/flash')
    for (const path of ['/plain', '/whoami', '/account', '/notice', '/read?key=key', '/none']) {
      const { headers, body } = await browser.get(path)
      assert.ok(!JSON.stringify(headers).includes(secret) && !body.includes(secret), path)
    }
    for (const name of ['sid', 'token', site.auth.web.cookie]) {
      const reply = await site.browser().get(`/whoami?${name}=${token}`)
      assert.match(reply.body, /"isLoggedIn":false/)
    }
  },
}

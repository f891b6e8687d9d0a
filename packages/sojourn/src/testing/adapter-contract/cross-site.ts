import assert from 'node:assert/strict'
import { prefetched } from './browser.ts'
import type { Laws } from './site.ts'

const attacker = 'https://evil.example'

/** What a client says of where a request comes from, and whether it may change state. `own`: the site's own origin. */
const origins: readonly (readonly [title: string, headers: { [name: string]: string }, may: boolean])[] = [
  [
    'a form of another site',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', origin: attacker },
    false,
  ],
  [
    'a script of another site',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', origin: attacker },
    false,
  ],
  [
    'a sibling domain',
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', origin: 'https://sub.own' },
    false,
  ],
  ['this origin', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate', origin: 'own' }, true],
  [
    'this origin, by script',
    { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', origin: 'own' },
    true,
  ],
  ['nobody, by a bookmark or a tool', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, false],
  ['a word that is none', { 'sec-fetch-site': 'Same-Origin' }, false],
  ['a claim of one’s own beside the browser’s', { 'sec-fetch-site': 'cross-site', origin: 'own' }, false],
  ['an older browser, this origin', { origin: 'own' }, true],
  ['an older browser, another site', { origin: attacker }, false],
  ['an older browser, a sandboxed frame', { origin: 'null' }, false],
  ['an older browser, an origin that begins alike', { origin: 'own.evil.example' }, false],
  ['an older browser with a referrer of this origin', { referer: 'own/page?x=1' }, true],
  ['an older browser with a referrer of another site', { referer: `${attacker}/own` }, false],
  ['an older browser with a broken referrer', { referer: 'own'.repeat(2) }, false],
]

export const crossSiteLaws: Laws = {
  async 'R-39 A-13 NIST SESS-19 what changes state must come from this very origin: the whole table'(open) {
    const site = await open()
    for (const [title, said, may] of origins) {
      const headers = Object.fromEntries(
        Object.entries(said).map(([name, value]) => [name, value.replaceAll('own', site.url)]),
      )
      const browser = await site.loggedIn()
      const reply = await browser.send('POST', '/write', headers).reply
      assert.equal(reply.status, may ? 200 : 403, title)
      if (!may)
        assert.equal((JSON.parse(reply.body) as { error: unknown }).error, 'cross_site_request', title)
      assert.equal((await browser.get('/read?key=key')).body, may ? '"value"' : 'null', title)
    }
  },

  async 'R-39 a client that says nothing may do what needs no cookie, and no more'(open) {
    const site = await open()
    const browser = site.browser()
    assert.equal((await browser.send('POST', '/login').reply).status, 303)
    assert.equal((await browser.send('POST', '/logout').reply).status, 403)
    assert.equal((await browser.get('/account')).status, 200)
  },

  async 'R-39 a client that says nothing may not, by the cookie of a remembered device alone, act as its owner'(
    open,
  ) {
    const site = await open()
    const browser = site.browser()
    await browser.post('/login?remember=1')
    browser.restart()
    assert.equal((await browser.send('POST', '/write').reply).status, 403)
    const { headers } = await browser.send('GET', '/plain', prefetched).reply
    assert.equal(headers['cache-control'], 'no-store')
  },

  async 'A-13 another site can neither log somebody out nor log them in as somebody else'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', origin: attacker }
    for (const path of ['/logout', '/login?subject=u-evil']) {
      const reply = await browser.send('POST', path, headers).reply
      assert.deepEqual([reply.status, reply.cookies], [403, []], path)
    }
    assert.equal((await site.browser().send('POST', '/login', headers).reply).status, 403)
    assert.match((await browser.get('/whoami')).body, /"subject":"u-1"/)
    assert.equal((await site.rows()).length, 1)
  },

  async 'R-42 A-13 links, images and prefetches of other sites are served and change nothing'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    const from = [
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
      { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    ]
    for (const headers of from) {
      assert.equal((await browser.send('GET', '/account', headers).reply).status, 200)
      for (const method of ['GET', 'HEAD'])
        assert.equal((await browser.send(method, '/logout', headers).reply).status, 404)
    }
    assert.match((await browser.get('/whoami')).body, /"subject":"u-1"/)
  },

  async 'a site that guards itself in another way can say so'(open) {
    const site = await open({ refuseCrossSite: false })
    const headers = { 'sec-fetch-site': 'cross-site', origin: attacker }
    assert.equal((await site.browser().send('POST', '/write', headers).reply).status, 200)
  },

  async 'A-13 a site may say which addresses take what another site sends; it is those alone'(open) {
    const site = await open({ acceptCrossSite: ({ url }) => new URL(url).pathname === '/write' })
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', origin: attacker }
    assert.equal((await site.browser().send('POST', '/write', headers).reply).status, 200)
    for (const path of ['/login?subject=u-evil', '/logout', '/write/x', '/logout?path=/write'])
      assert.equal((await site.browser().send('POST', path, headers).reply).status, 403, path)
  },

  async 'R-47 an answer says which headers it depends on'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    assert.match((await site.browser().get('/plain')).headers.vary ?? '', /\bCookie\b/)
    const changed = await browser.post('/write')
    const refused = await browser.send('POST', '/write', { 'sec-fetch-site': 'cross-site' }).reply
    for (const { headers } of [changed, refused])
      for (const name of ['Cookie', 'Origin', 'Sec-Fetch-Site'])
        assert.match(headers.vary ?? '', new RegExp(name))
  },
}

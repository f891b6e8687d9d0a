import assert from 'node:assert/strict'
import type { Store } from '../../core/store.ts'
import type { Browser, Reply, Sent } from './browser.ts'
import { streamed } from './routes.ts'
import type { Laws, Site } from './site.ts'

/** Sends a request whose store is slow, and shows that nothing of the answer comes before the store is done. */
async function sendSlowly(site: Site, verb: keyof Store, send: () => Sent): Promise<Reply> {
  const pause = site.store.pause(verb)
  const sent = send()
  await pause.reached
  // Others are served meanwhile; an answer that did not wait would be here by then.
  const other = site.browser()
  for (let i = 0; i < 5; i++) assert.equal((await other.get('/plain')).status, 200)
  assert.equal(sent.hasAnswer(), false, `the answer came before ${verb} was done`)
  pause.release()
  return sent.reply
}

const post = (browser: Browser, path: string) => () =>
  browser.send('POST', path, { 'sec-fetch-site': 'same-origin' })

async function readKey(browser: Browser, key = 'key'): Promise<unknown> {
  return JSON.parse((await browser.get(`/read?key=${key}`)).body)
}

export const savingLaws: Laws = {
  async 'P-03 the redirect after login leaves when the session is in the store, however slow that is'(open) {
    const site = await open()
    const browser = site.browser()
    const reply = await sendSlowly(site, 'create', post(browser, '/login'))
    assert.equal(reply.status, 303)
    assert.match((await browser.get('/whoami')).body, /"subject":"u-1"/)
  },

  async 'P-03 a login that the handler did not wait for is in the store before the answer leaves'(open) {
    const site = await open()
    const browser = site.browser()
    const reply = await sendSlowly(site, 'create', post(browser, '/login?unawaited=1'))
    assert.equal(reply.status, 303)
    assert.equal(reply.cookies.length, 1)
    assert.match((await browser.get('/whoami')).body, /"subject":"u-1"/)
  },

  async 'P-03 an answer to a write leaves when it is saved'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    const reply = await sendSlowly(site, 'write', post(browser, '/write'))
    assert.deepEqual([reply.status, reply.body], [200, 'written'])
    assert.equal(await readKey(browser), 'value')
  },

  async 'P-03 a guest’s first write: the session and its cookie come before the answer'(open) {
    const site = await open()
    const browser = site.browser()
    const reply = await sendSlowly(site, 'create', post(browser, '/write'))
    assert.equal(reply.cookies.length, 1)
    assert.equal(await readKey(browser), 'value')
  },

  async 'P-03 a logout is done before its answer leaves'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    const reply = await sendSlowly(site, 'end', post(browser, '/logout'))
    assert.equal(reply.status, 303)
    assert.equal((await site.rows())[0]?.endReason, 'user_logout')
  },

  async 'P-03 a stream waits for the save and then comes whole, in order'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    assert.equal((await browser.get('/stream')).body, streamed)
    const reply = await sendSlowly(site, 'write', post(browser, '/stream'))
    assert.equal(reply.body, streamed)
    assert.equal(await readKey(browser), 'value')
  },

  async 'P-01 ten requests at once that write different keys lose nothing'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    const keys = Array.from({ length: 10 }, (_, index) => `key${index}`)
    const replies = keys.map((key) => browser.post(`/gate/write?key=${key}&value=of-${key}`))
    await site.gate.waiting(keys.length)
    site.gate.open()
    for (const { status } of await Promise.all(replies)) assert.equal(status, 200)
    for (const key of keys) assert.equal(await readKey(browser, key), `of-${key}`)
  },

  async 'P-01 ten requests at once that add to one number sum exactly'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    const replies = Array.from({ length: 10 }, () => browser.post('/gate/add'))
    await site.gate.waiting(replies.length)
    site.gate.open()
    await Promise.all(replies)
    assert.equal(await readKey(browser, 'count'), 10)
  },

  async 'P-02 A-03 a request in flight at logout writes nothing and revives nothing'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    const { cookie } = browser
    const slow = browser.post('/gate/write')
    await site.gate.waiting(1)
    await browser.post('/logout')
    site.gate.open()
    const reply = await slow
    assert.equal(reply.status, 401)
    assert.equal((JSON.parse(reply.body) as { reason: unknown }).reason, 'inactive_session')
    assert.deepEqual(reply.cookies, [])
    const [row, ...others] = await site.rows()
    assert.deepEqual([row?.endReason, row?.revision, others.length], ['user_logout', 0, 0])
    assert.match((await site.browser().get('/whoami', { cookie })).body, /"isLoggedIn":false/)
  },

  async 'P-03 P-23 a login or logout that the handler did not wait for, and that fails, fails the answer'(
    open,
  ) {
    for (const path of ['/gate/logout', '/gate/login']) {
      const site = await open()
      const browser = await site.loggedIn()
      const reply = browser.post(path)
      await site.gate.waiting(1)
      site.store.down = true
      site.gate.open()
      const { status, body, cookies } = await reply
      assert.deepEqual([status, cookies], [503, []], path)
      assert.equal((JSON.parse(body) as { error: unknown }).error, 'store_unavailable')
      site.store.down = false
      assert.match((await browser.get('/whoami')).body, /"subject":"u-1"/)
    }
    const limited = await open({ policy: { limit: 0 } })
    const refused = await limited.browser().post('/login?unawaited=1')
    assert.deepEqual([refused.status, refused.cookies], [403, []])
  },

  async 'P-23 where the handler has heard of the failure, the answer is its own'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    const reply = browser.post('/gate/login?caught=1')
    await site.gate.waiting(1)
    site.store.down = true
    site.gate.open()
    assert.deepEqual([(await reply).status, (await reply).body], [409, 'not now'])
  },

  async 'a fault of the application is answered 500, and the next request is served'(open) {
    const site = await open()
    const browser = await site.loggedIn()
    const reply = await browser.post('/throw')
    assert.equal(reply.status, 500)
    assert.doesNotMatch(reply.body, new RegExp(site.token(browser).split('.')[1] ?? '-'))
    assert.match((await browser.get('/whoami')).body, /"subject":"u-1"/)
  },
}

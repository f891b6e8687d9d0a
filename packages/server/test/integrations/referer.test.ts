import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anIntegrationServer, elsewhere, follow, from, recordOf, who } from './integration-server.ts'

const portal = 'https://portal.example.edu/library/list?page=2'

test('SLI-17 a link on a page of the site signs in, and leads on to a path of this server', async (t) => {
  const server = await anIntegrationServer(t)
  const site = await server.site()
  const browser = server.browser()
  assert.equal((await follow(browser, site, portal)).location, '/')
  const session = await recordOf(server, browser)
  assert.equal(session.method, 'referer')
  assert.deepEqual(
    { ...(await server.sessions.data.read(session.id)) },
    {
      integration: { id: site.id, page: 'https://portal.example.edu' },
    },
  )
  const back = await follow(server.browser(), { id: `${site.id}?return_to=%2Fcourses%3Fa%3D1` }, portal)
  assert.equal(back.location, '/courses?a=1')
  const away = await follow(server.browser(), { id: `${site.id}?return_to=%2F%2Fevil.test` }, portal)
  assert.equal(away.location, '/')
})

test('what only looks like the site, hides where it comes from, or names nothing is refused by a page that says what to do', async (t) => {
  const server = await anIntegrationServer(t)
  const site = await server.site()
  const pages = new Set<string>()
  for (const referer of [
    '',
    'null',
    'about:blank',
    'https://portal.example.edu.evil.test/',
    'https://portal.example.edu@evil.test/',
    'https://someone@portal.example.edu/',
    'https://evil.test/?https://portal.example.edu/',
    'http://portal.example.edu/',
    'https://portal.example.edu:8443/',
    'https://www.portal.example.edu/',
    'https://portal.example.ed/',
    `https://portal.example.edu/${'a'.repeat(5_000)}`,
  ]) {
    const browser = server.browser()
    const answer = await follow(browser, site, referer)
    assert.equal(answer.status, 403, referer)
    assert.equal((await who(browser)).isIn, false, referer)
    assert.match(answer.text, /follow its link there/)
    assert.match(answer.headers['cache-control'] ?? '', /no-store/)
    pages.add(answer.text)
  }
  const unknown = await follow(server.browser(), { id: 'state-library-0000000000' }, portal)
  assert.equal(unknown.status, 403)
  pages.add(unknown.text)
  assert.equal(pages.size, 1, 'it is not told whether there is such an integration')
  const why = server.lines.map((line) => JSON.parse(line) as { event?: string; why?: string })
  const told = new Set(why.flatMap(({ event, why }) => (event === 'login.failed' ? [why] : [])))
  assert.deepEqual(told, new Set(['referer: no referer', 'referer: another referer', 'referer: unknown']))
})

test('A-13 only a page that a person opens signs in: no image, frame, script, prefetch or old client', async (t) => {
  const server = await anIntegrationServer(t)
  const site = await server.site()
  for (const headers of [
    { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    { 'sec-fetch-dest': 'iframe' },
    { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
    { 'sec-purpose': 'prefetch' },
    { purpose: 'prefetch' },
    { 'sec-fetch-mode': '', 'sec-fetch-dest': '', 'sec-fetch-site': '' },
  ]) {
    const browser = server.browser()
    const answer = await follow(browser, site, portal, headers)
    assert.equal(answer.status, 403, JSON.stringify(headers))
    assert.equal((await who(browser)).isIn, false)
  }
  const head = server.browser()
  const headers = {
    ...from(elsewhere),
    referer: portal,
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  }
  assert.equal((await head.ask(`/login/referer/${site.id}`, { method: 'HEAD', headers })).status, 403)
  assert.equal((await who(head)).isIn, false)
  assert.equal((await server.sessions.list({ method: 'referer', state: 'any' })).items.length, 0)
})

test('A-13 whoever is signed in stays who they are, wherever a link comes from', async (t) => {
  const server = await anIntegrationServer(t)
  const site = await server.site()
  await server.person('uma@example.com')
  const uma = await server.signedIn('uma@example.com')
  const before = await who(uma)
  assert.equal((await follow(uma, { id: `${site.id}?return_to=%2Fx` }, portal)).location, '/x')
  assert.deepEqual(await who(uma), before)
})

test('a path is asked for where one is named, and then the whole of it', async (t) => {
  const server = await anIntegrationServer(t)
  const site = await server.site({ pages: ['https://portal.example.edu/library'] })
  assert.equal((await follow(server.browser(), site, portal)).status, 303)
  for (const referer of ['https://portal.example.edu/', 'https://portal.example.edu/library-evil'])
    assert.equal((await follow(server.browser(), site, referer)).status, 403)
})

test('R-77 who tries again and again is slowed down; whoever gets in is not counted', async (t) => {
  const server = await anIntegrationServer(t)
  const site = await server.site()
  for (let count = 0; count < 60; count++)
    assert.equal((await follow(server.browser(), site, portal)).status, 303)
  for (let count = 0; count < 50; count++)
    assert.equal((await follow(server.browser(), site, 'https://evil.test/')).status, 403)
  const refused = await follow(server.browser(), site, portal)
  assert.equal(refused.status, 429)
  assert.match(refused.headers['retry-after'] ?? '', /^\d+$/)
})

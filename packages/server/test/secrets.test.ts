import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memory } from 'sojourn/stores/memory'
import { aServer, idOf, password, secret } from './a-server.ts'
import type { Browser } from './browser.ts'

function tokensOf({ cookie }: Browser): readonly string[] {
  return cookie.split('; ').map((pair) => pair.split('=')[1] ?? '')
}

/** Every way in which a text may stand somewhere. */
function spellings(text: string): readonly string[] {
  const bytes = Buffer.from(text)
  return [
    text,
    encodeURIComponent(text),
    bytes.toString('hex'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    Buffer.from(text, 'base64url').toString('hex'),
  ]
}

test('AUR-06 A-26 R-34 R-70 no secret stands on a page, in an answer, a header, an address or the log', async (t) => {
  const store = memory()
  const server = await aServer(t, { store })
  await server.person('ada@example.com', { roles: ['super-admin'] })
  const browser = server.browser()
  const tokens: string[] = []
  for (let i = 0; i < 2; i++) {
    await browser.submit('/login', { email: 'ada@example.com', password })
    tokens.push(...tokensOf(browser))
  }
  // It is remembered, and has two tokens.
  const other = await server.signedIn('ada@example.com', undefined, { remember: 't' })
  tokens.push(...tokensOf(other))
  assert.equal(tokens.length, 4)

  const visited = new Set<string>()
  const queue = ['/', '/login', '/signup', '/logout', '/nowhere', '/nova/resources/auth-sessions?state=any']
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    if (visited.has(path)) continue
    visited.add(path)
    const answer = await browser.go(path)
    const links = [...answer.text.matchAll(/(?:href|action)="(\/[^"]*)"/g)].map(([, link = '']) =>
      link.replaceAll('&amp;', '&'),
    )
    queue.push(
      ...links.filter((link) => !link.includes('end')),
      ...(answer.location ? [answer.location] : []),
    )
  }
  assert.ok(visited.size >= 8, [...visited].join(' '))
  const id = await idOf(other)
  const refreshHash = (await store.find(id))?.refresh?.hash ?? ''
  for (const path of [
    '/api/v1/session',
    '/api/v1/sessions',
    '/api/v1/admin/sessions?state=any',
    `/api/v1/admin/sessions/${id}`,
  ])
    await browser.call('GET', path)
  await browser.submit('/logout', {}, { 'sec-fetch-site': 'cross-site' })
  await browser.submit('/login', { email: tokens[2] ?? '', password: tokens[2] ?? '' })
  await other.ask(`/account/sessions?token=${tokens[2]}`)
  await server.browser().go('/account/sessions', { cookie: `${browser.cookie}x` })
  await browser.submit(`/account/sessions/${id}/end`)
  await other.go('/account/sessions')
  await browser.submit('/logout', { global_logout: 't' })

  const said = server.answers
    .map(({ headers, text }) => JSON.stringify({ ...headers, 'set-cookie': undefined }) + text)
    // The address that a person was sent to with a token of theirs, and what they typed, come back to them alone.
    .filter((text) => !text.includes(`value="${tokens[2]}"`))
  const logged = server.lines
  assert.ok(said.length > 20 && logged.length > 10)
  const found = await Promise.all(tokens.map(async (token) => store.find(token.slice(0, 22))))
  const hashes = [...found.map((one) => one?.secretHash ?? ''), refreshHash]
  const secrets = [...tokens.map((token) => token.split('.')[1] ?? ''), ...hashes, password, secret]
  for (const one of secrets)
    for (const spelling of spellings(one)) {
      assert.ok(one.length > 10)
      assert.deepEqual(
        said.filter((text) => text.includes(spelling)),
        [],
      )
      assert.deepEqual(
        logged.filter((line) => line.includes(spelling)),
        [],
      )
    }
})

test('R-73 what fails says a word and a sentence, never its inside', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  server.accounts.find = () => Promise.reject(new Error('the table accounts_7f3 is on fire'))
  for (const answer of [
    await browser.go('/account/sessions'),
    await browser.call('GET', '/api/v1/sessions'),
  ]) {
    assert.equal(answer.status, 500)
    assert.ok(!/fire|accounts_7f3|\.ts|node_modules|Error/.test(answer.text), answer.text)
  }
  assert.ok(server.lines.some((line) => line.includes('on fire') && line.includes('stack')))
})

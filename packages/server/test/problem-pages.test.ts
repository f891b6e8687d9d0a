import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aServer, password } from './a-server.ts'
import type { Answer } from './browser.ts'
import { failingStore } from './failing-store.ts'

const email = 'uma@example.com'

function isPage({ headers, text }: Answer): void {
  assert.equal(headers['content-type'], 'text/html; charset=UTF-8')
  assert.equal(headers['cache-control'], 'no-store')
  assert.match(headers.vary ?? '', /Cookie/)
  assert.match(String(headers['content-security-policy']), /default-src 'none'/)
  assert.equal(headers['set-cookie'], undefined)
  assert.equal(Number(headers['content-length'] ?? Buffer.byteLength(text)), Buffer.byteLength(text))
}

function isProblem(answer: Answer, status: number, error: string): void {
  assert.equal(answer.status, status)
  assert.equal(answer.headers['content-type'], 'application/problem+json')
  assert.partialDeepStrictEqual(answer.json(), { status, error })
}

test('A-13 a form of another site is refused with a page, a script of another site with JSON', async (t) => {
  const server = await aServer(t)
  await server.person(email)
  const browser = await server.signedIn(email)
  const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
  const page = await browser.submit('/account/sessions/end-others', {}, foreign)
  assert.equal(page.status, 403)
  isPage(page)
  assert.match(page.text, /Not allowed from there[^]*came from another site[^]*Nothing was done/)
  const program = await browser.call('DELETE', '/api/v1/sessions?except=current', undefined, foreign)
  isProblem(program, 403, 'cross_site_request')
  // The API has no pages, whoever asks.
  isProblem(await browser.submit('/api/v1/session/keep-alive', {}, foreign), 403, 'cross_site_request')
})

test('A-13 a request that hides where it comes from is refused as such, and told what to send', async (t) => {
  const server = await aServer(t)
  await server.person(email)
  const browser = await server.signedIn(email)
  const silent = { 'sec-fetch-site': '', 'sec-fetch-mode': '', origin: '' }
  const page = await browser.submit('/account/sessions/end-others', {}, silent)
  assert.equal(page.status, 403)
  isPage(page)
  assert.match(page.text, /did not say which page this came from[^]*send the Origin header/)
  const program = await browser.call('DELETE', '/api/v1/sessions?except=current', undefined, silent)
  isProblem(program, 403, 'cross_site_request')
  assert.partialDeepStrictEqual(program.json(), { reason: 'origin_missing' })
  assert.match(program.text, /send Origin with the origin of this site/)
  const foreign = await browser.submit('/logout', {}, { ...silent, referer: 'https://evil.example/' })
  assert.match(foreign.text, /came from another site/)
})

test('A-30 R-73 while the store is down a person sees a page that says so, a program JSON', async (t) => {
  const { store, state } = failingStore()
  const server = await aServer(t, { store })
  await server.person(email)
  const browser = await server.signedIn(email)
  state.down = true
  const pages = [
    await browser.go('/account/sessions'),
    await browser.go('/login'),
    await browser.go('/nowhere'),
    await browser.submit('/logout'),
  ]
  for (const page of pages) {
    assert.equal(page.status, 503)
    assert.equal(page.headers['retry-after'], '5')
    isPage(page)
    assert.match(page.text, /You have not been signed out/)
  }
  const login = await server.browser().submit('/login', { email, password })
  assert.equal(login.status, 503)
  isPage(login)
  isProblem(await browser.call('GET', '/api/v1/sessions'), 503, 'store_unavailable')
  isProblem(await browser.go('/api/v1/session'), 503, 'store_unavailable')
})

test('SLI-40 a page whose refresh token is two generations old loads again by itself', async (t) => {
  const server = await aServer(t)
  await server.person(email)
  const browser = await server.signedIn(email, undefined, { remember: 't' })
  const first = refreshOf(browser.cookie)
  for (let i = 0; i < 2; i++) await browser.go('/account/sessions', { cookie: refreshOf(browser.cookie) })
  const page = await server.browser().go('/account/sessions', { cookie: first })
  assert.equal(page.status, 401)
  assert.equal(page.headers['refresh'], '1')
  isPage(page)
  assert.match(page.text, /One moment[^]*You are still signed in/)
  const program = await server.browser().call('GET', '/api/v1/sessions', undefined, { cookie: first })
  isProblem(program, 401, 'login_required')
})

function refreshOf(cookie: string): string {
  return cookie.split('; ').find((pair) => pair.split('=')[0]?.endsWith('-r')) ?? ''
}

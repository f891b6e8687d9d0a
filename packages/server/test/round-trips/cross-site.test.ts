import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainRoutes, sessionRoutes, takesFromElsewhere } from '../../src/routes/index.ts'
import { aServer } from '../a-server.ts'
import { postFromElsewhere } from './from-elsewhere.ts'

const open = ['/login/lti/:id/start', '/login/lti/:id/launch', '/login/saml/:id/acs']

test('A-13 R-39 three addresses take a form of another site, and no other does', async (t) => {
  const taking = [...plainRoutes, ...sessionRoutes].filter(({ crossSite }) => crossSite)
  assert.deepEqual(
    taking.map(({ method, path, access, body }) => [method, path, access, body]),
    open.map((path) => ['POST', path, 'public', 'form']),
  )
  const server = await aServer(t)
  for (const { method, path } of sessionRoutes) {
    if (method === 'GET') continue
    const address = path.replaceAll(/:\w+/g, 'some-id')
    const browser = server.browser()
    const { status, text } = await browser.ask(address, {
      method,
      headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example', accept: 'application/json' },
    })
    const isRefused = status === 403 && text.includes('cross_site_request')
    assert.equal(isRefused, !open.includes(path), `${method} ${path}: ${status} ${text}`)
  }
})

test('A-13 an address that only looks like one of them is none', async (t) => {
  const server = await aServer(t)
  for (const path of [
    '/login?x=/login/saml/a/acs',
    '/logout#/login/saml/a/acs',
    '/logout/login/saml/a/acs',
    '/login/saml/a/acs/..%2f..%2f..%2f..%2flogout',
    '/login/saml/a/acs/',
    '/login/saml/a/b/acs',
    '/login/saml//acs',
    '/login/saml/%2e%2e/acs',
    '/login/saml/a/acs%00',
    '/login/saml/a',
    '/login/saml/a/metadata',
    '/LOGIN/SAML/A/ACS',
    '//login/saml/a/acs',
  ]) {
    const { status, text } = await postFromElsewhere(server.browser(), path, {})
    assert.equal(status, 403, `${path}: ${status}`)
    assert.match(text, /another site/)
  }
  const url = 'http://localhost/login/saml/a/acs'
  assert.deepEqual(
    ['POST', 'PUT', 'DELETE', 'PATCH'].map((method) => takesFromElsewhere({ method, url })),
    [true, false, false, false],
  )
})

test('A-13 what another site posts comes without the session of its browser', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  const answer = await postFromElsewhere(browser, '/login/saml/nobody/acs', { SAMLResponse: 'x' })
  assert.equal(answer.status, 404)
  assert.equal(answer.headers['set-cookie'], undefined)
  assert.equal((await browser.go('/account/sessions')).status, 200)
})

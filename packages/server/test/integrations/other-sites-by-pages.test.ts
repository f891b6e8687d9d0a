import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { pemOf } from '../../src/saml/signing-certificate.ts'
import { aPlatform } from '../lti/fake-platform.ts'
import { aServerWithIntegrations } from '../round-trips/a-server-with-integrations.ts'
import { pathIn, postFromElsewhere, site } from '../round-trips/from-elsewhere.ts'
import { entityId, key, otherKey, samlActs, signInUrl } from '../saml/fake-identity-provider.ts'

const pages = '/nova/integrations'

async function administered(t: TestContext) {
  const server = await aServerWithIntegrations(t)
  await server.person('ada@example.com', { roles: ['super-admin'] })
  const ada = await server.signedIn('ada@example.com')
  /** What the page of an integration tells the other side. */
  const told = async (at: string): Promise<string> => (await ada.go(at)).text
  return { server, ada, told }
}

test('an administrator sets an identity provider up by pages alone, and its people come in', async (t) => {
  const { server, ada, told } = await administered(t)
  for (const word of ['Identity provider', 'Signing certificates', 'Sign-ins that begin at the provider'])
    assert.ok((await ada.go(`${pages}/new?kind=saml`)).text.includes(word), word)
  const fields = {
    kind: 'saml',
    name: 'Example University',
    enabled: 't',
    entityId,
    signInUrl,
    certificates: `${pemOf(key.certificate)}\n${otherKey.certificate}`.replaceAll('\n', '\r\n'),
    nameIdFormat: 'any',
    unsolicited: 'refused',
    emailAttribute: 'mail',
    idAttribute: '',
    nameAttribute: '',
    sessionLimit: '',
  }
  const refused = await ada.submit(pages, { ...fields, certificates: 'nonsense' })
  assert.equal(refused.status, 400)
  assert.match(refused.text, /Expected an X\.509 certificate/)
  const made = await ada.submit(pages, fields)
  assert.equal(made.status, 303, made.text)
  const at = made.location?.split('?')[0] ?? ''
  const id = at.slice(pages.length + 1)
  const text = await told(at)
  for (const path of ['/metadata', '/acs', ''])
    assert.ok(text.includes(`${site}/login/saml/${id}${path}`), path)
  assert.ok(text.includes(`${key.certificate}\n${otherKey.certificate}</textarea`))
  for (const one of [key, otherKey])
    assert.equal((await samlActs(server, id).signIn(server.browser(), { key: one })).status, 303)
})

test('an administrator sets a learning platform up by pages alone, and its people come in', async (t) => {
  const { server, ada, told } = await administered(t)
  const platform = await aPlatform(t, () => server.clock.now())
  const { issuer, clientId, authorizationEndpoint, jwksUri } = platform.settings()
  const given = { issuer, clientId, authorizationEndpoint, jwksUri, deploymentIds: 'd-0\r\nd-1', targets: '' }
  const fields = { kind: 'lti', name: 'Campus', enabled: 't', sessionLimit: '', ...given }
  const refused = await ada.submit(pages, {
    ...fields,
    jwksUri: 'http://campus.example/keys',
    deploymentIds: '',
  })
  assert.equal(refused.status, 400)
  assert.match(refused.text, /Expected an address such as https/)
  assert.match(refused.text, /Expected at least one deployment id/)
  const made = await ada.submit(pages, fields)
  assert.equal(made.status, 303, made.text)
  const at = made.location?.split('?')[0] ?? ''
  const id = at.slice(pages.length + 1)
  const text = await told(at)
  for (const step of ['start', 'launch']) assert.ok(text.includes(`${site}/login/lti/${id}/${step}`), step)
  const browser = server.browser()
  const query = new URLSearchParams(platform.initiation()).toString()
  const { location } = await browser.go(`/login/lti/${id}/start?${query}`)
  const { action, fields: answer } = await platform.answer(location)
  assert.equal((await postFromElsewhere(browser, pathIn(action), answer)).status, 303)
})

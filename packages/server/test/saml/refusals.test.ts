import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hour } from 'sojourn/core'
import { whyFailed } from '../round-trips/from-elsewhere.ts'
import { aSamlServer, otherKey, type Said } from './fake-identity-provider.ts'

/** What a response may say that is not believed. */
const lies: {
  readonly [name: string]: readonly [why: string, lies: (server: { acs: string }) => Partial<Said>]
} = {
  'of another provider': [
    'issuer',
    () => ({ issuer: 'https://evil.example', responseIssuer: 'https://evil.example' }),
  ],
  'whose assertion is of another provider': ['issuer', () => ({ issuer: 'https://evil.example' })],
  'for another': ['audience', () => ({ audiences: ['https://other.example'] })],
  'for nobody': ['malformed', () => ({ audiences: [''] })],
  'without an audience': [
    'malformed',
    () => ({
      audiences: [],
      before: (xml) => xml.replace(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/, ''),
    }),
  ],
  'with a second audience that is another': [
    'audience',
    () => ({
      before: (xml) =>
        xml.replace(
          '</saml:Conditions>',
          '<saml:AudienceRestriction><saml:Audience>x</saml:Audience></saml:AudienceRestriction></saml:Conditions>',
        ),
    }),
  ],
  'to another address': ['recipient', ({ acs }) => ({ recipient: `${acs}/x` })],
  'to no address': ['recipient', () => ({ recipient: null })],
  'whose envelope is to another address': [
    'destination',
    () => ({ destination: 'https://other.example/acs' }),
  ],
  'to another request': ['in_response_to', () => ({ inResponseTo: '_AAAAAAAAAAAAAAAAAAAAAA' })],
  'to no request': ['in_response_to', () => ({ inResponseTo: null, responseInResponseTo: null })],
  'whose envelope is to another request': [
    'in_response_to',
    () => ({ responseInResponseTo: '_AAAAAAAAAAAAAAAAAAAAAA' }),
  ],
  'without a time': ['time', () => ({ confirmedUntil: null })],
  'without conditions': [
    'malformed',
    () => ({ before: (xml) => xml.replace(/<saml:Conditions.*<\/saml:Conditions>/, '') }),
  ],
  'confirmed in another way': [
    'confirmation',
    () => ({ method: 'urn:oasis:names:tc:SAML:2.0:cm:sender-vouches' }),
  ],
  'of a sign-in that failed': ['status', () => ({ status: 'Responder' })],
  'of SAML 1.1': ['version', () => ({ version: '1.1' })],
  'of somebody for this once': ['subject', () => ({ nameIdFormat: '2.0:nameid-format:transient' })],
  'of nobody': ['subject', () => ({ nameId: '' })],
  'of a name that is too long': ['subject', () => ({ nameId: 'x'.repeat(256) })],
  'that is not signed': ['signature', () => ({ signs: [] })],
  'of which only the envelope is signed': ['signature', () => ({ signs: ['response'] })],
  'signed by another key': ['signature', () => ({ key: otherKey })],
  'changed after it was signed': ['signature', () => ({ after: (xml) => xml.replace('>u-1<', '>u-9<') })],
  'whose attributes were changed': [
    'signature',
    () => ({ after: (xml) => xml.replace('uma@uni', 'ada@uni') }),
  ],
  'signed by SHA-1': ['algorithm', () => ({ signature: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' })],
  'digested by SHA-1': ['algorithm', () => ({ digest: 'http://www.w3.org/2000/09/xmldsig#sha1' })],
  'with a document type': ['xml', () => ({ after: (xml) => `<!DOCTYPE x>${xml}` })],
  'with entities': [
    'xml',
    () => ({
      after: (xml) =>
        `<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "b"><!ENTITY e SYSTEM "file:///etc/passwd">]>${xml}`,
    }),
  ],
  'with a comment in the name': [
    'xml',
    () => ({ before: (xml) => xml.replace('>u-1<', '>u-1<!-- -->.evil<') }),
  ],
  'with a section': ['xml', () => ({ before: (xml) => xml.replace('>u-1<', '><![CDATA[u-1]]><') })],
  'with an instruction': ['xml', () => ({ after: (xml) => `<?xml-stylesheet href="x"?>${xml}` })],
  'that is no XML': ['malformed', () => ({ after: () => 'nonsense' })],
  'that is no response': ['malformed', () => ({ after: () => '<a/>' })],
  'without an assertion': [
    'signature',
    () => ({ signs: [], before: (xml) => xml.replace(/<saml:Assertion .*<\/saml:Assertion>/, '') }),
  ],
}
for (const [name, [why, lie]] of Object.entries(lies))
  test(`a response ${name} is refused: ${why}`, async (t) => {
    const server = await aSamlServer(t)
    const browser = server.browser()
    const answer = await server.signIn(browser, lie(server))
    assert.deepEqual([answer.status, whyFailed(server)], [403, `saml: ${why}`], answer.text)
    for (const heading of ['Expected', 'Came', 'What to do']) assert.match(answer.text, new RegExp(heading))
    assert.equal((await browser.go('/account')).status, 303)
    assert.equal(await server.accounts.findByEmail('uma@uni.example'), undefined)
    assert.equal((await server.signIn(browser)).status, 303)
  })

test('a response that is too large is refused before it is read', async (t) => {
  const server = await aSamlServer(t)
  const browser = server.browser()
  const answer = await server.signIn(browser, { attributes: { mail: ['x'.repeat(60_000)] } })
  assert.equal(answer.status, 413)
})

test('R-77 a network whose responses are not believed is slowed down', async (t) => {
  const server = await aSamlServer(t)
  const statuses = []
  for (let i = 0; i < 52; i++) statuses.push((await server.post(server.browser(), 'x', 'x')).status)
  assert.deepEqual(new Set(statuses), new Set([403, 429]))
  assert.equal(statuses.indexOf(429), 50)
  server.clock.advance(hour)
  assert.equal((await server.signIn(server.browser())).status, 303)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hour, minute } from 'sojourn/core'
import { roundTripLasts } from '../../src/round-trips/round-trips.ts'
import { idOf } from '../a-server.ts'
import { postFromElsewhere, whyFailed } from '../round-trips/from-elsewhere.ts'
import { aSamlServer, key, otherKey, type Said, samlSettings } from './fake-identity-provider.ts'

test('SLI-05 who signs in at the provider is let in, for this visit alone, whatever is asked', async (t) => {
  const server = await aSamlServer(t)
  const browser = server.browser()
  const request = await server.begin(browser, '?return_to=/account&remember=on')
  assert.deepEqual([request.acs, request.issuer], [server.acs, server.audience])
  const fields = { SAMLResponse: server.says(request), RelayState: request.relayState, remember: 'on' }
  const answer = await postFromElsewhere(browser, `/login/saml/${server.id}/acs`, fields)
  assert.deepEqual([answer.status, answer.location], [303, '/account'], answer.text)
  const session = await server.sessions.get(await idOf(browser))
  assert.deepEqual([session?.method, session?.rememberedUntil], ['saml', null])
  assert.ok(!(answer.headers['set-cookie'] ?? []).some((cookie) => /-r=/.test(cookie)))
  const account = await server.accounts.find(session?.subject ?? '')
  assert.deepEqual([account?.email, account?.name], ['uma@uni.example', 'Uma Uni'])
})

test('R-04 a session begins with a new id, and the one that the browser had ends', async (t) => {
  const server = await aSamlServer(t)
  await server.person('ada@example.com')
  const browser = await server.signedIn('ada@example.com')
  const former = await idOf(browser)
  assert.equal((await server.signIn(browser)).status, 303)
  assert.notEqual(await idOf(browser), former)
  assert.equal((await server.sessions.get(former))?.endReason, 'replaced_at_login')
})

test('a request is compressed, asks for no kind of proof, and its RelayState is a number of ours', async (t) => {
  const server = await aSamlServer(t, { settings: { nameIdFormat: 'persistent' } })
  const browser = server.browser()
  const requests = [await server.begin(browser, '?return_to=/account'), await server.begin(browser)]
  for (const { id, relayState, xml } of requests) {
    assert.match(relayState, /^[\w-]{22}$/)
    assert.equal(id, `_${relayState}`)
    assert.ok(!xml.includes('RequestedAuthnContext') && xml.includes('nameid-format:persistent'), xml)
  }
  assert.notEqual(requests[0]?.id, requests[1]?.id)
})

test('A-20 an address to go on to is ours, and is not carried around', async (t) => {
  const server = await aSamlServer(t)
  for (const evil of ['https://evil.example', '//evil.example', '/\\\\evil.example', 'javascript:alert(1)']) {
    const browser = server.browser()
    const request = await server.begin(browser, `?return_to=${encodeURIComponent(evil)}`)
    assert.equal((await server.post(browser, server.says(request), request.relayState)).location, '/')
  }
})

test('the metadata say where and what this server is, to whoever asks, also before it is opened', async (t) => {
  const server = await aSamlServer(t)
  await server.integrations.change(server.id, 1, { enabled: false })
  const { status, text, headers } = await server.browser().go(`/login/saml/${server.id}/metadata`)
  assert.equal(status, 200)
  assert.match(headers['content-type'] ?? '', /^application\/samlmetadata\+xml/)
  assert.ok(text.includes(`entityID="${server.audience}"`) && text.includes(`Location="${server.acs}"`), text)
  assert.ok(text.includes('WantAssertionsSigned="true"'))
  for (const id of ['nobody', '%2e%2e'])
    assert.equal((await server.browser().go(`/login/saml/${id}/metadata`)).status, 404)
})

test('an integration that is closed lets nobody in, also whoever left before', async (t) => {
  const server = await aSamlServer(t)
  const browser = server.browser()
  const request = await server.begin(browser)
  await server.integrations.change(server.id, 1, { enabled: false })
  assert.equal((await server.post(browser, server.says(request), request.relayState)).status, 404)
  assert.equal((await browser.go(`/login/saml/${server.id}`)).status, 404)
})

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

/** Somebody with a good response of their own wraps it into one that says something else (Somorovsky et al., 2012). */
const evil = (xml: string): string =>
  (/<saml:Assertion .*<\/saml:Assertion>/s.exec(xml)?.[0] ?? '')
    .replace(/<ds:Signature.*<\/ds:Signature>/s, '')
    .replace('>u-1<', '>admin<')
const assertionIn = (xml: string): string => /<saml:Assertion .*<\/saml:Assertion>/s.exec(xml)?.[0] ?? ''
const signatureIn = (xml: string): string => /<ds:Signature.*<\/ds:Signature>/s.exec(xml)?.[0] ?? ''
const otherId = (xml: string): string => xml.replace(/(<saml:Assertion [^>]*) ID="[^"]*"/, '$1 ID="_evil"')
const wrappings: { readonly [name: string]: (xml: string) => string } = {
  'a forged assertion before the signed one': (xml) =>
    xml.replace(assertionIn(xml), otherId(evil(xml)) + assertionIn(xml)),
  'a forged assertion after the signed one': (xml) =>
    xml.replace(assertionIn(xml), assertionIn(xml) + otherId(evil(xml))),
  'two of one id': (xml) => xml.replace(assertionIn(xml), evil(xml) + assertionIn(xml)),
  'the signed one within the forged one': (xml) =>
    xml.replace(
      assertionIn(xml),
      otherId(evil(xml)).replace('</saml:Assertion>', `${assertionIn(xml)}</saml:Assertion>`),
    ),
  'the signature on the forged one, the signed one within it': (xml) =>
    xml.replace(
      assertionIn(xml),
      otherId(evil(xml)).replace(
        '</saml:Issuer>',
        `</saml:Issuer>${signatureIn(xml).replace('</ds:Signature>', `<ds:Object>${assertionIn(xml).replace(signatureIn(xml), '')}</ds:Object></ds:Signature>`)}`,
      ),
    ),
  'the signed one in extensions': (xml) =>
    xml
      .replace(assertionIn(xml), otherId(evil(xml)))
      .replace('<samlp:Status>', `<samlp:Extensions>${assertionIn(xml)}</samlp:Extensions><samlp:Status>`),
  'the whole of it within another response': (xml) =>
    xml.replace(assertionIn(xml), otherId(evil(xml)) + `<x>${xml}</x>`),
  'the signature taken off': (xml) => xml.replace(signatureIn(xml), ''),
  'the signature moved to the envelope': (xml) =>
    xml.replace(assertionIn(xml), evil(xml)).replace('<samlp:Status>', `${signatureIn(xml)}<samlp:Status>`),
}
for (const [name, wrap] of Object.entries(wrappings))
  test(`a wrapped response is refused: ${name}`, async (t) => {
    const server = await aSamlServer(t)
    const browser = server.browser()
    let wrapped = ''
    const answer = await server.signIn(browser, { after: (xml) => (wrapped = wrap(xml)) })
    assert.ok(
      wrapped !== '' && (name.startsWith('the signature taken') || wrapped.includes('>admin<')),
      wrapped,
    )
    assert.deepEqual([answer.status, (await browser.go('/account')).status], [403, 303], answer.text)
    assert.match(whyFailed(server) ?? '', /^saml: (?:signature|malformed)$/)
  })

test('a response is good that is signed as a whole too, or by a longer hash', async (t) => {
  const server = await aSamlServer(t)
  for (const lie of [
    { signs: ['assertion', 'response'] },
    { destination: null, responseInResponseTo: null },
    {
      signature: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
      digest: 'http://www.w3.org/2001/04/xmlenc#sha512',
    },
    { audiences: ['https://other.example', server.audience] },
    { attributes: {} },
    { after: (xml: string) => `<?xml version="1.0" encoding="UTF-8"?>\n${xml}` },
  ] satisfies Partial<Said>[]) {
    const answer = await server.signIn(server.browser(), lie)
    assert.equal(answer.status, 303, answer.text + JSON.stringify(lie))
  }
})

test('a response is good in its time, give or take a minute of the clocks', async (t) => {
  const server = await aSamlServer(t)
  const now = server.clock.now()
  const times: readonly (readonly [Partial<Said>, string | undefined])[] = [
    [{ notBefore: now + minute }, undefined],
    [{ notBefore: now + minute + 1 }, 'saml: time'],
    [{ notOnOrAfter: now - minute + 1 }, undefined],
    [{ notOnOrAfter: now - minute }, 'saml: expired'],
    [{ confirmedUntil: now - minute + 1 }, undefined],
    [{ confirmedUntil: now - minute }, 'saml: expired'],
    [{ sessionUntil: now + 1 }, undefined],
    [{ sessionUntil: now }, 'saml: expired'],
    [{ before: (xml) => xml.replace(/NotOnOrAfter="[^"]*"/g, 'NotOnOrAfter="tomorrow"') }, 'saml: time'],
  ]
  for (const [lie, why] of times) {
    const from = server.lines.length
    const answer = await server.signIn(server.browser(), lie)
    const failed = whyFailed({ lines: server.lines.slice(from) })
    assert.deepEqual([answer.status, failed], [why === undefined ? 303 : 403, why], JSON.stringify(lie))
  }
})

test('a session lasts no longer than the provider lets it', async (t) => {
  const server = await aSamlServer(t)
  const browser = server.browser()
  const until = server.clock.now() + 10 * minute
  await server.signIn(browser, { sessionUntil: until })
  server.clock.set(until - 1)
  assert.equal((await browser.go('/account/sessions')).status, 200)
  server.clock.set(until)
  assert.equal((await browser.go('/account/sessions')).status, 303)
})

test('a response is taken once, in the browser that asked, within ten minutes', async (t) => {
  const server = await aSamlServer(t)
  const browser = server.browser()
  const request = await server.begin(browser)
  const response = server.says(request)
  const victim = server.browser()
  assert.equal((await server.post(victim, response, request.relayState)).status, 403)
  assert.equal(whyFailed(server), 'saml: no_cookie')
  await server.begin(victim)
  assert.equal((await server.post(victim, response, request.relayState)).status, 403)
  assert.equal(whyFailed(server), 'saml: other_browser')
  assert.equal((await server.post(browser, response, request.relayState)).status, 303)
  assert.equal((await server.post(browser, response, request.relayState)).status, 403)
  assert.equal(whyFailed(server), 'saml: replayed')

  // With the RelayState of another sign-in it answers another request.
  const next = await server.begin(browser)
  assert.equal((await server.post(browser, response, next.relayState)).status, 403)
  assert.equal(whyFailed(server), 'saml: in_response_to')
  for (const relay of ['', 'https://evil.example/', 'x'])
    assert.equal((await server.post(browser, server.says(await server.begin(browser)), relay)).status, 403)
  assert.equal(whyFailed(server), 'saml: unsolicited')

  for (const [wait, status] of [
    [roundTripLasts, 303],
    [roundTripLasts + 1, 403],
  ] as const) {
    const late = await server.begin(browser)
    server.clock.advance(wait)
    assert.equal((await server.post(browser, server.says(late), late.relayState)).status, status)
  }
  assert.equal(whyFailed(server), 'saml: state_expired')
})

test('one assertion is not taken again under another request, although it was signed anew', async (t) => {
  const server = await aSamlServer(t)
  assert.equal((await server.signIn(server.browser(), { id: '_one' })).status, 303)
  assert.equal((await server.signIn(server.browser(), { id: '_one' })).status, 403)
  assert.equal(whyFailed(server), 'saml: replayed')
  const { id = '' } = (await server.accounts.findByEmail('uma@uni.example')) ?? {}
  const denied = await server.database
    .selectFrom('denied_logins')
    .selectAll()
    .where('account', '=', id)
    .execute()
  assert.equal(denied.length, 1)
})

test('what the provider begins is taken where the integration says so, once, until it expires', async (t) => {
  const closed = await aSamlServer(t)
  assert.equal((await closed.post(closed.browser(), closed.says(null), '')).status, 403)
  assert.equal(whyFailed(closed), 'saml: unsolicited')

  const server = await aSamlServer(t, { settings: { unsolicited: 'accepted' } })
  const response = server.says(null, { id: '_one' })
  const answer = await server.post(server.browser(), response, 'https://evil.example/')
  assert.deepEqual([answer.status, answer.location], [303, '/'])
  assert.equal((await server.post(server.browser(), response, '')).status, 403)
  assert.equal(whyFailed(server), 'saml: replayed')
  // Up to its last moment it is remembered, and after it nobody believes it.
  for (const [wait, why] of [
    [6 * minute - 1, 'replayed'],
    [1, 'expired'],
  ] as const) {
    server.clock.advance(wait)
    assert.equal((await server.post(server.browser(), response, '')).status, 403)
    assert.equal(whyFailed(server), `saml: ${why}`)
  }
  // The answer to a request is none of those, where its sign-in is another browser’s.
  const request = await server.begin(server.browser())
  assert.equal((await server.post(server.browser(), server.says(request), '')).status, 403)
  assert.equal(whyFailed(server), 'saml: in_response_to')
})

test('while the provider changes its keys both are believed, and the old one no longer once it is removed', async (t) => {
  const certificates = [key.certificate, otherKey.certificate]
  const server = await aSamlServer(t, { settings: { certificates } })
  for (const one of [key, otherKey])
    assert.equal((await server.signIn(server.browser(), { key: one })).status, 303)
  const integration = await server.integrations.find(server.id)
  const settings = { ...integration?.settings, certificates: [otherKey.certificate] }
  await server.integrations.change(server.id, 1, { settings })
  assert.equal((await server.signIn(server.browser(), { key })).status, 403)
  assert.equal((await server.signIn(server.browser(), { key: otherKey })).status, 303)
})

test('who somebody is may stand in an attribute', async (t) => {
  const server = await aSamlServer(t, { settings: { idAttribute: 'employeeNumber' } })
  const attributes = { employeeNumber: ['e-7'] }
  const transient = '2.0:nameid-format:transient'
  const subjects = []
  for (const nameId of ['a', 'b']) {
    const browser = server.browser()
    await server.signIn(browser, { nameId, nameIdFormat: transient, attributes })
    subjects.push((await server.sessions.get(await idOf(browser)))?.subject)
  }
  assert.ok(typeof subjects[0] === 'string' && subjects[0] === subjects[1])
  assert.equal((await server.signIn(server.browser())).status, 403)
  assert.equal(whyFailed(server), 'saml: subject')
})

test('the sign-in page leads to the providers that are open, and takes the way back along', async (t) => {
  const server = await aSamlServer(t)
  const { id } = await server.integrations.create({
    kind: 'saml',
    name: 'Other <b>Provider</b>',
    enabled: false,
    settings: samlSettings(),
  })
  const link = (text: string): string | undefined =>
    /<a href="([^"]*)">Example University<\/a>/.exec(text)?.[1]
  const { text } = await server.browser().go('/login?return_to=/account')
  const address = link(text) ?? ''
  assert.equal(address, `/login/saml/${server.id}?return_to=%2Faccount`)
  assert.ok(!text.includes('Other'))
  assert.equal((await server.browser().go(address)).status, 303)
  await server.integrations.change(id, 1, { enabled: true })
  const refused = await server.browser().submit('/login', { email: 'x', password: 'y' })
  assert.ok(link(refused.text) !== undefined && refused.text.includes('Other &lt;b&gt;Provider&lt;/b&gt;'))
})

test('SLI-17 who comes by a provider has its limit', async (t) => {
  const server = await aSamlServer(t, { settings: { sessionLimit: 1 } })
  const first = server.browser()
  await server.signIn(first)
  await server.signIn(server.browser())
  assert.equal((await first.go('/account')).status, 303)
})

test('a response that is too large is refused before it is read', async (t) => {
  const server = await aSamlServer(t)
  const browser = server.browser()
  const answer = await server.signIn(browser, { attributes: { mail: ['x'.repeat(60_000)] } })
  assert.equal(answer.status, 413)
})

test('no page and no line of the log holds a response, a RelayState or what a person is called there', async (t) => {
  const server = await aSamlServer(t)
  const seen: string[] = []
  for (const lie of [
    {},
    { audiences: ['x'] },
    { key: otherKey },
    { nameIdFormat: '2.0:nameid-format:transient' },
  ]) {
    const browser = server.browser()
    const request = await server.begin(browser)
    const response = server.says(request, { nameId: 'name-at-home', ...lie })
    seen.push(request.relayState, response.slice(0, 40), response.slice(-40))
    await server.post(browser, response, request.relayState)
  }
  const text = [...server.lines, ...server.answers.map((answer) => answer.text)].join('\n')
  for (const secret of [...seen, 'name-at-home', '<saml:']) assert.ok(!text.includes(secret), secret)
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

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minute } from 'sojourn/core'
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

test('a session goes by the policy of its method, and a disabled account stays closed', async (t) => {
  const policy = { extends: 'stay-logged-in', methods: { saml: { absoluteTimeout: '20m' } } } as const
  const server = await aSamlServer(t, { config: { policy } })
  const browser = server.browser()
  await server.signIn(browser)
  const { subject, expiresAt } = (await server.sessions.get(await idOf(browser))) ?? {}
  assert.equal(expiresAt, server.clock.now() + 20 * minute)
  await server.accounts.disable(subject ?? '')
  const answer = await server.signIn(server.browser())
  assert.deepEqual([answer.status, whyFailed(server)], [403, 'saml: account_disabled'])
  const denied = await server.database.selectFrom('denied_logins').selectAll().execute()
  assert.deepEqual(
    denied.map(({ account, reason }) => [account, reason]),
    [[subject, 'account_disabled']],
  )
})

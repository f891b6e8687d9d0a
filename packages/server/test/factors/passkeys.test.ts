import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { minute } from 'sojourn/core'
import { aFolder, type Given, idOf, password } from '../a-server.ts'
import type { Browser } from '../browser.ts'
import { aFactorServer, byPasskey, codesIn, email, optionsAt, security, site } from './factor-server.ts'
import { type Lies, SoftAuthenticator } from './soft-authenticator.ts'

const list = `${security}/passkeys`
const evil: Lies = { origin: 'http://evil.example' }
const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

async function withPasskey(t: TestContext, given: Given = {}) {
  const server = await aFactorServer(t, given)
  const account = await server.person(email)
  const own = await server.signedIn(email)
  return { server, account, own, passkey: await server.addPasskey(own, 'My key') }
}

test('a passkey signs in without a password: whose it is it says itself, at the second level', async (t) => {
  const { server, account, passkey } = await withPasskey(t)
  const browser = server.browser()
  const options = await optionsAt(browser, '/login/passkey/options')
  assert.deepEqual([options.rpId, options.userVerification], ['localhost', 'required'])
  assert.deepEqual(options.allowCredentials ?? [], [], 'it names nobody')
  const answer = await browser.submit('/login/passkey', {
    response: passkey.get(options),
    return_to: '/account/phone',
  })
  assert.equal(answer.location, '/account/phone')
  const session = await server.sessions.get(await idOf(browser))
  assert.deepEqual([session?.subject, session?.method], [account.id, 'passkey'])
  assert.deepEqual([session?.amr, session?.assurance], [['hwk', 'user', 'mfa'], 2])
  assert.equal((await browser.go('/account/phone')).status, 200)
})

test('one that is synced between devices is called a software key', async (t) => {
  const server = await aFactorServer(t)
  await server.person(email)
  const own = await server.signedIn(email)
  const synced = new SoftAuthenticator(site, { isSynced: true })
  const options = await optionsAt(own, `${list}/options`)
  await own.submit(list, { response: synced.create(options) })
  assert.match((await own.go(security)).text, /Synced between devices/)
  const browser = server.browser()
  assert.equal((await byPasskey(browser, synced)).location, '/')
  const session = await server.sessions.get(await idOf(browser))
  assert.deepEqual(session?.amr, ['swk', 'user', 'mfa'])
})

const refused: readonly (readonly [why: string, lies: Lies])[] = [
  ['another origin', evil],
  ['another site in the authenticator', { rpId: 'evil.example' }],
  ['another challenge', { challenge: Buffer.alloc(56).toString('base64url') }],
  ['no challenge of ours', { challenge: 'AAAA' }],
  ['the answer of a registration', { type: 'webauthn.create' }],
  ['another key', { key: foreign }],
  ['an unknown credential', { id: Buffer.alloc(32, 7).toString('base64url') }],
  ['nobody present', { isPresent: false }],
  ['nobody verified', { isVerified: false }],
  ['a counter that stands still', { counter: 1 }],
  ['a counter that goes back', { counter: 0 }],
  ['somebody else’s name', { userHandle: Buffer.from('somebody-else').toString('base64url') }],
  ['nobody’s name', { userHandle: undefined }],
]

test('A-23 whatever is wrong with the answer of a passkey, nobody is signed in, and the words are the same', async (t) => {
  const { server, passkey } = await withPasskey(t)
  const texts = new Set<string>()
  for (const [why, lies] of refused) {
    const browser = server.browser()
    const answer = await byPasskey(browser, passkey, lies)
    assert.equal(answer.status, 401, why)
    assert.equal((await browser.go('/account')).status, 303, why)
    texts.add(answer.text)
  }
  assert.equal(texts.size, 1)
  for (const response of ['', '{', '[]', 'null', '{"id":1}', '{"id":"x","rawId":"x","type":"public-key"}'])
    assert.equal((await server.browser().submit('/login/passkey', { response })).status, 401)
  assert.equal((await byPasskey(server.browser(), passkey)).status, 303, 'the true one gets in')
  assert.ok(
    server.lines.some((line) => /passkey: Response counter value/.test(line)),
    'the log says why',
  )
})

test('a copy of an authenticator shows by its counter, and is refused; one that counts nothing is good', async (t) => {
  const { server, own, passkey } = await withPasskey(t)
  const enter = async (one: SoftAuthenticator, counter: number) =>
    (await byPasskey(server.browser(), one, { counter })).status
  assert.equal(await enter(passkey, 7), 303)
  assert.equal(await enter(passkey, 7), 401)
  assert.equal(await enter(passkey, 6), 401)
  assert.equal(await enter(passkey, 0), 401)
  assert.equal(await enter(passkey, 8), 303)
  const still = new SoftAuthenticator(site)
  const options = await optionsAt(own, `${list}/options`)
  await own.submit(list, { response: still.create(options, { counter: 0 }) })
  assert.deepEqual([await enter(still, 0), await enter(still, 0)], [303, 303])
})

test('a challenge is answered once, however many answer it, up to five minutes and not one millisecond longer', async (t) => {
  const { server, passkey } = await withPasskey(t)
  const [one, other] = [server.browser(), server.browser()]
  const [first, second] = [
    await optionsAt(one, '/login/passkey/options'),
    await optionsAt(other, '/login/passkey/options'),
  ]
  server.clock.advance(5 * minute)
  const response = passkey.get(first)
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => server.browser().submit('/login/passkey', { response })),
  )
  assert.equal(answers.filter(({ status }) => status === 303).length, 1)
  assert.equal((await one.submit('/login/passkey', { response })).status, 401, 'replayed')
  // Another answer to the same challenge, with a counter that goes on.
  assert.equal((await one.submit('/login/passkey', { response: passkey.get(first) })).status, 401)
  server.clock.advance(1)
  assert.equal((await other.submit('/login/passkey', { response: passkey.get(second) })).status, 401)
})

test('R-04 a passkey is a second step after a password: with it, both are of the second level', async (t) => {
  const { server, account, passkey } = await withPasskey(t)
  const browser = await server.firstStep()
  assert.match((await browser.go('/login/second')).text, /data-passkey="get"/)
  const options = await optionsAt(browser, '/login/second/options')
  assert.deepEqual(
    options.allowCredentials?.map(({ id }) => id),
    [passkey.id],
  )
  const before = browser.cookie
  const response = passkey.get(options, { isVerified: false, userHandle: undefined })
  assert.equal((await browser.submit('/login/second', { response })).location, '/')
  assert.notEqual(browser.cookie, before)
  const session = await server.sessions.get(await idOf(browser))
  assert.deepEqual([session?.subject, session?.assurance], [account.id, 2])
  assert.deepEqual(session?.amr, ['pwd', 'hwk', 'user', 'mfa'])
})

test('A-07 an answer for one sign-in completes no other, and none of another person’s', async (t) => {
  const { server, passkey } = await withPasskey(t)
  await server.person('ivo@example.com')
  const theirs = await server.addPasskey(await server.signedIn('ivo@example.com'))
  const [one, other] = [await server.firstStep(), await server.firstStep()]
  const alone = await optionsAt(server.browser(), '/login/passkey/options')
  const options = await optionsAt(one, '/login/second/options')
  const enter = async (browser: Browser, response: string) =>
    (await browser.submit('/login/second', { response })).status
  assert.equal(await enter(one, passkey.get(alone)), 401, 'asked for a sign-in without a password')
  assert.equal(await enter(other, passkey.get(options)), 401, 'asked for by another sign-in')
  assert.equal(await enter(one, theirs.get(options)), 401, 'somebody else’s')
  for (const [why, lies] of refused.filter(([why]) => !/nobody’s name|nobody verified|still|back/.test(why)))
    assert.equal(await enter(one, passkey.get(options, lies)), 401, why)
  const response = passkey.get(options)
  assert.equal((await server.browser().submit('/login/passkey', { response })).status, 401)
  assert.equal(await enter(one, response), 303)
  assert.equal((await server.browser().call('POST', '/login/second/options', {})).status, 404)
})

test('a registration is refused where anything is wrong with it, and a credential is one account’s for good', async (t) => {
  const { server, own, passkey } = await withPasskey(t)
  await server.person('ivo@example.com')
  const stranger = await server.signedIn('ivo@example.com')
  const add = async (browser: Browser, response: string) => (await browser.submit(list, { response })).status
  const fresh = new SoftAuthenticator(site)
  for (const lies of [
    evil,
    { rpId: 'evil.example' },
    { challenge: 'AAAA' },
    { type: 'webauthn.get' },
    { isPresent: false },
  ]) {
    const options = await optionsAt(own, `${list}/options`)
    assert.equal(await add(own, fresh.create(options, lies)), 400)
  }
  const options = await optionsAt(own, `${list}/options`)
  assert.deepEqual(
    options.excludeCredentials?.map(({ id }) => id),
    [passkey.id],
  )
  assert.equal(await add(stranger, fresh.create(options)), 400, 'asked for by somebody else')
  const theirs = await optionsAt(stranger, `${list}/options`)
  assert.equal(await add(stranger, fresh.create(theirs, { id: passkey.id })), 400, 'known already')
  server.clock.advance(5 * minute + 1)
  assert.equal(await add(own, fresh.create(options)), 400, 'too old')
  server.clock.advance(-1)
  assert.equal(await add(own, fresh.create(options)), 303)
  assert.equal(await add(own, fresh.create(options)), 400, 'replayed')
  for (const response of ['', '{}', 'x']) assert.equal(await add(own, response), 400)
})

test('SLI-04 a sign-in by a passkey is remembered where its person says so', async (t) => {
  const { server, passkey } = await withPasskey(t)
  for (const [remember, status] of [
    ['t', 200],
    ['', 303],
  ] as const) {
    const browser = server.browser()
    const options = await optionsAt(browser, '/login/passkey/options')
    await browser.submit('/login/passkey', { response: passkey.get(options), remember })
    server.clock.advance(24 * 60 * minute)
    assert.equal((await browser.go('/account')).status, status)
  }
})

test('passkeys are listed with their name, and one that is removed opens nothing any more', async (t) => {
  const { server, own, passkey } = await withPasskey(t)
  const other = await server.addPasskey(own, 'Phone <b>')
  const { text } = await own.go(security)
  assert.match(text, /My key[\s\S]*On one device, added[\s\S]*not used yet/)
  assert.match(text, /Phone &lt;b&gt;/)
  await byPasskey(server.browser(), passkey)
  assert.match((await own.go(security)).text, /last used/)
  assert.equal(
    (await own.submit(`${list}/${passkey.id}/remove`)).location,
    `${security}?done=passkey-removed`,
  )
  assert.equal((await byPasskey(server.browser(), passkey)).status, 401)
  assert.equal((await byPasskey(server.browser(), other)).status, 303)
  await server.person('ivo@example.com')
  const stranger = await server.signedIn('ivo@example.com')
  assert.equal((await stranger.submit(`${list}/${other.id}/remove`)).status, 404)
  assert.equal((await byPasskey(server.browser(), other)).status, 303)
})

test('PCA-07 R-21 adding a passkey and removing it ends the other sessions, and both are told by mail', async (t) => {
  const server = await aFactorServer(t)
  await server.person(email)
  const [own, other] = [await server.signedIn(email), await server.signedIn(email)]
  const passkey = new SoftAuthenticator(site)
  const options = await optionsAt(own, `${list}/options`)
  const added = await own.submit(list, { response: passkey.create(options) })
  assert.equal(codesIn(added).length, 10)
  assert.match((await other.go('/account')).location ?? '', /reason=credential_changed/)
  assert.equal((await own.go('/account')).status, 200)
  assert.match((await server.to(email)).at(-1)?.subject ?? '', /has a passkey now/)
  const phone = server.browser()
  await byPasskey(phone, passkey)
  await own.submit(`${list}/${passkey.id}/remove`)
  assert.match((await phone.go('/account')).location ?? '', /reason=credential_changed/)
  assert.match((await server.to(email)).at(-1)?.subject ?? '', /has lost a passkey/)
  assert.equal((await server.browser().submit('/login', { email, password })).location, '/')
})

test('R-20 a disabled account is opened by no passkey', async (t) => {
  const { server, account, passkey } = await withPasskey(t)
  await server.accounts.disable(account.id)
  assert.equal((await byPasskey(server.browser(), passkey)).status, 401)
})

test('R-39 a passkey is posted by pages of this site alone', async (t) => {
  const { server, passkey } = await withPasskey(t)
  const browser = server.browser()
  const response = passkey.get(await optionsAt(browser, '/login/passkey/options'))
  const cross = { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' }
  assert.equal((await browser.submit('/login/passkey', { response }, cross)).status, 403)
  assert.equal((await browser.call('POST', '/login/passkey/options', {}, cross)).status, 403)
})

test('asking for challenges writes nothing', async (t) => {
  const file = join(await aFolder(t), 'server.db')
  const { server, passkey } = await withPasskey(t, { env: { SOJOURN_DATABASE: `sqlite:${file}` } })
  const database = new DatabaseSync(file, { readOnly: true })
  t.after(() => database.close())
  const count = () => database.prepare('select nonce from spent_challenges').all().length
  const before = count()
  for (let i = 0; i < 20; i++) await optionsAt(server.browser(), '/login/passkey/options')
  for (const [, lies] of refused) await byPasskey(server.browser(), passkey, lies)
  assert.ok(count() === before)
})

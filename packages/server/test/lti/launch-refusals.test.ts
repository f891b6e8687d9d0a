import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { type CryptoKey, exportSPKI, importJWK, type JWTPayload, UnsecuredJWT } from 'jose'
import { second } from 'sojourn/core'
import { roundTripLasts } from '../../src/round-trips/round-trips.ts'
import { postFromElsewhere, site, whyFailed } from '../round-trips/from-elsewhere.ts'
import { aKey, anLtiServer, claim, type Lies, sign } from './fake-platform.ts'

/** What a token may lie about, and why it is refused then. */
const lies: { readonly [name: string]: readonly [why: string, lies: Lies] } = {
  'for another': ['audience', { claims: { aud: 'somebody-else' } }],
  'for several, given to another': ['audience', { claims: { aud: ['sojourn', 'x'], azp: 'x' } }],
  'for several, given to nobody': ['audience', { claims: { aud: ['sojourn', 'x'] } }],
  'for this one, given to another': ['audience', { claims: { azp: 'x' } }],
  'without an audience': ['audience', { claims: { aud: undefined } }],
  'of another issuer': ['issuer', { claims: { iss: 'https://evil.example' } }],
  'of an issuer that begins alike': ['issuer', { claims: { iss: 'http://localhost' } }],
  'without a nonce': ['malformed', { claims: { nonce: undefined } }],
  'with another nonce': ['nonce', { claims: { nonce: 'AAAAAAAAAAAAAAAAAAAAAA' } }],
  'without an end': ['malformed', { claims: { exp: undefined } }],
  'without a beginning': ['malformed', { claims: { iat: undefined } }],
  'of another version': ['message', { claims: { [claim('version')]: '1.1' } }],
  'of another type': ['message', { claims: { [claim('message_type')]: 'LtiDeepLinkingRequest' } }],
  'of nobody in particular': ['message', { claims: { sub: undefined } }],
  'of an id that is no text': ['message', { claims: { sub: { toString: 'u-1' } } }],
  'of an unknown deployment': ['deployment', { claims: { [claim('deployment_id')]: 'd-2' } }],
  'of no deployment': ['message', { claims: { [claim('deployment_id')]: undefined } }],
  'of several deployments': ['message', { claims: { [claim('deployment_id')]: ['d-1', 'd-2'] } }],
  'to another site': ['target', { claims: { [claim('target_link_uri')]: 'https://evil.example/' } }],
  'to a path that is not allowed': ['target', { claims: { [claim('target_link_uri')]: `${site}/nova` } }],
}
for (const [name, [why, lie]] of Object.entries(lies))
  test(`a token ${name} is refused: ${why}`, async (t) => {
    const server = await anLtiServer(t)
    const browser = server.browser()
    const answer = await server.launch(browser, lie)
    assert.equal(answer.status, 403, answer.text)
    assert.equal(whyFailed(server), `lti: ${why}`)
    for (const heading of ['Expected', 'Came', 'What to do']) assert.match(answer.text, new RegExp(heading))
    assert.equal((await browser.go('/account')).status, 303)
    // Refused once, its sign-in is over: the same again with a good token is a replay.
    const again = await server.launch(browser)
    assert.equal(again.status, 303, again.text)
  })

test('a token that is not signed by the platform’s key is refused', async (t) => {
  const server = await anLtiServer(t)
  const { platform } = server
  const stranger = await aKey('key-1')
  const spki = await exportSPKI(
    (await importJWK(platform.key.public, 'RS256', { extractable: true })) as CryptoKey,
  )
  const forgeries: readonly (readonly [string, (payload: JWTPayload) => Promise<string> | string])[] = [
    ['signature', (payload) => sign(payload, stranger)],
    ['unknown_key', (payload) => sign(payload, { ...platform.key, kid: 'key-2' })],
    ['unknown_key', (payload) => sign(payload, { ...platform.key, kid: '' })],
    ['algorithm', (payload) => new UnsecuredJWT(payload).encode()],
    ['algorithm', (payload) => byHand({ alg: 'none', kid: 'key-1' }, payload, () => '')],
    ['algorithm', (payload) => byHand({ alg: 'HS256', kid: 'key-1' }, payload, (text) => hmac(spki, text))],
    [
      'algorithm',
      (payload) =>
        byHand({ alg: 'HS256', kid: 'key-1' }, payload, (text) =>
          hmac(JSON.stringify(platform.key.public), text),
        ),
    ],
    ['signature', (payload) => byHand({ alg: 'RS256', kid: 'key-1' }, payload, () => '')],
    ['signature', async (payload) => swapped(await sign(payload, platform.key))],
    ['malformed', () => 'nonsense'],
    ['malformed', () => ''],
  ]
  for (const [why, forge] of forgeries) {
    const answer = await server.launch(server.browser(), { sign: async (payload) => forge(payload) })
    assert.equal(answer.status, 403)
    assert.equal(whyFailed(server), `lti: ${why}`)
  }
})

function byHand(header: object, payload: JWTPayload, seal: (text: string) => string): string {
  const text = [header, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${text}.${seal(text)}`
}

function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}

/** The same signature over another subject. */
function swapped(token: string): string {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const said = JSON.parse(Buffer.from(payload, 'base64url').toString()) as JWTPayload
  return byHand(
    JSON.parse(Buffer.from(header, 'base64url').toString()) as object,
    { ...said, sub: 'u-9' },
    () => signature,
  )
}

test('a token is good in its time, give or take a minute of the clocks', async (t) => {
  const server = await anLtiServer(t)
  const now = Math.floor(server.clock.now() / second)
  const times: readonly (readonly [claims: object, why: string | undefined])[] = [
    [{ iat: now - 300, exp: now - 59 }, undefined],
    [{ iat: now - 300, exp: now - 60 }, 'lti: expired'],
    [{ iat: now + 60, exp: now + 300 }, undefined],
    [{ iat: now + 61, exp: now + 300 }, 'lti: time'],
    [{ iat: now - 660, exp: now + 300 }, undefined],
    [{ iat: now - 661, exp: now + 300 }, 'lti: expired'],
    [{ nbf: now + 60 }, undefined],
    [{ nbf: now + 61 }, 'lti: time'],
  ]
  for (const [claims, why] of times) {
    const failures = server.lines.length
    const answer = await server.launch(server.browser(), { claims: { ...claims } })
    const failed = whyFailed({ lines: server.lines.slice(failures) })
    assert.deepEqual([answer.status, failed], [why === undefined ? 303 : 403, why], JSON.stringify(claims))
  }
})

test('A-13 a state is good once, in the browser that it was given to, and for ten minutes', async (t) => {
  const server = await anLtiServer(t)
  const away = async () => {
    const browser = server.browser()
    const { location } = await server.begin(browser)
    return { browser, ...(await server.platform.answer(location)) }
  }
  const used = await away()
  assert.equal((await postFromElsewhere(used.browser, used.action, used.fields)).status, 303)
  assert.equal((await postFromElsewhere(used.browser, used.action, used.fields)).status, 403)
  assert.equal(whyFailed(server), 'lti: replayed')

  const theirs = await away()
  const victim = server.browser()
  assert.equal((await postFromElsewhere(victim, theirs.action, theirs.fields)).status, 403)
  assert.equal(whyFailed(server), 'lti: no_cookie')
  await server.begin(victim)
  assert.equal((await postFromElsewhere(victim, theirs.action, theirs.fields)).status, 403)
  assert.equal(whyFailed(server), 'lti: other_browser')
  // What others tried has not used it up.
  assert.equal((await postFromElsewhere(theirs.browser, theirs.action, theirs.fields)).status, 303)

  for (const state of ['', 'x', 'AAAAAAAAAAAAAAAAAAAAAA', '%00']) {
    const { browser, action, fields } = await away()
    assert.equal((await postFromElsewhere(browser, action, { ...fields, state })).status, 403)
    assert.equal(whyFailed(server), 'lti: state')
  }

  const other = await away()
  const { id } = await server.integrations.create({
    kind: 'lti',
    name: 'Other',
    enabled: true,
    settings: server.platform.settings(),
  })
  assert.equal((await postFromElsewhere(other.browser, `/login/lti/${id}/launch`, other.fields)).status, 403)
  assert.equal(whyFailed(server), 'lti: state')

  for (const [wait, status] of [
    [roundTripLasts, 303],
    [roundTripLasts + 1, 403],
  ] as const) {
    const browser = server.browser()
    const { location } = await server.begin(browser)
    server.clock.advance(wait)
    const { action, fields } = await server.platform.answer(location)
    // The cookie lives as long; here it is older, and its browser keeps it all the same.
    assert.equal((await postFromElsewhere(browser, action, fields)).status, status)
  }
  assert.equal(whyFailed(server), 'lti: state_expired')
})

test('a token of one sign-in does not do for another', async (t) => {
  const server = await anLtiServer(t)
  const browser = server.browser()
  const [one, two] = [await server.begin(browser), await server.begin(browser)]
  const first = await server.platform.answer(one.location)
  const second = await server.platform.answer(two.location)
  const mixed = { id_token: first.fields['id_token'] ?? '', state: second.fields['state'] ?? '' }
  assert.equal((await postFromElsewhere(browser, first.action, mixed)).status, 403)
  assert.equal(whyFailed(server), 'lti: nonce')
})

test('of many who bring one state at once, one gets in', async (t) => {
  const server = await anLtiServer(t)
  const browser = server.browser()
  const { action, fields } = await server.platform.answer((await server.begin(browser)).location)
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => postFromElsewhere(browser, action, fields)),
  )
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [303, ...Array.from({ length: 7 }, () => 403)],
  )
})

test('what a platform begins with is refused where it is meant for somebody else', async (t) => {
  const server = await anLtiServer(t)
  for (const [more, why] of [
    [{ iss: 'https://evil.example' }, 'issuer'],
    [{ iss: '' }, 'issuer'],
    [{ client_id: 'other' }, 'audience'],
    [{ login_hint: '' }, 'malformed'],
    [{ login_hint: 'x'.repeat(4_097) }, 'malformed'],
  ] as const) {
    const answer = await server.begin(server.browser(), more)
    assert.deepEqual([answer.status, whyFailed(server)], [403, `lti: ${why}`])
    assert.equal(answer.headers['set-cookie'], undefined)
  }
  assert.equal((await server.begin(server.browser(), { client_id: '' })).status, 303)
})

test('a platform that vouches for nobody is quoted', async (t) => {
  const server = await anLtiServer(t)
  const browser = server.browser()
  const { fields, action } = await server.platform.answer((await server.begin(browser)).location)
  const answer = await postFromElsewhere(browser, action, {
    state: fields['state'] ?? '',
    error: 'login_required<script>',
  })
  assert.deepEqual([answer.status, whyFailed(server)], [403, 'lti: platform'])
  assert.match(answer.text, /login_required&lt;script&gt;/)
})

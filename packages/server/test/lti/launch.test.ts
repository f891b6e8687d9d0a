import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { type CryptoKey, exportSPKI, importJWK, type JWTPayload, UnsecuredJWT } from 'jose'
import { hour, minute, second } from 'sojourn/core'
import { roundTripLasts } from '../../src/round-trips/round-trips.ts'
import { idOf } from '../a-server.ts'
import { postFromElsewhere, site, whyFailed } from '../round-trips/from-elsewhere.ts'
import { aKey, anLtiServer, claim, type Lies, sign } from './fake-platform.ts'

test('SLI-05 a launch lets its person in, for this visit alone, whatever is asked', async (t) => {
  const server = await anLtiServer(t)
  const browser = server.browser()
  const answer = await server.launch(browser)
  assert.deepEqual([answer.status, answer.location], [303, '/'], answer.text)
  const session = await server.sessions.get(await idOf(browser))
  assert.deepEqual([session?.method, session?.rememberedUntil], ['lti', null])
  const account = await server.accounts.find(session?.subject ?? '')
  assert.deepEqual([account?.email, account?.name], ['u-1@campus.example', 'Uma Platform'])
  assert.ok(!(answer.headers['set-cookie'] ?? []).some((cookie) => /-r=/.test(cookie)))

  const { location } = await server.begin(browser)
  const { action, fields } = await server.platform.answer(location)
  await postFromElsewhere(browser, action, { ...fields, remember: 'on' })
  assert.equal((await server.sessions.get(await idOf(browser)))?.rememberedUntil, null)
})

test('a platform may begin by a form; what is asked of it is for this sign-in alone', async (t) => {
  const server = await anLtiServer(t)
  const browser = server.browser()
  const begun = await postFromElsewhere(
    browser,
    `/login/lti/${server.id}/start`,
    server.platform.initiation(),
  )
  assert.equal(begun.status, 303)
  const asked = new URL(begun.location ?? '').searchParams
  assert.deepEqual(
    [asked.get('login_hint'), asked.get('lti_message_hint'), asked.get('redirect_uri')],
    ['u-1', 'hint-1', `${site}/login/lti/${server.id}/launch`],
  )
  const again = new URL((await server.begin(browser)).location ?? '').searchParams
  for (const name of ['state', 'nonce']) {
    assert.match(asked.get(name) ?? '', /^[\w-]{22}$/)
    assert.notEqual(asked.get(name), again.get(name))
  }
  const cookie = begun.headers['set-cookie']?.[0] ?? ''
  assert.match(cookie, /^__Host-away=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=None; Max-Age=600$/)
  // Two tabs of one browser do not lose each other's.
  const first = await server.platform.answer(begun.location)
  assert.equal((await postFromElsewhere(browser, first.action, first.fields)).status, 303)
})

test('R-04 a session begins with a new id, and the one that the browser had ends', async (t) => {
  const server = await anLtiServer(t)
  await server.person('ada@example.com')
  const browser = await server.signedIn('ada@example.com')
  const former = await idOf(browser)
  assert.equal((await server.launch(browser)).status, 303)
  assert.notEqual(await idOf(browser), former)
  const ended = await server.sessions.get(former)
  assert.deepEqual([ended?.endReason, typeof ended?.endedAt], ['replaced_at_login', 'number'])
})

test('the same person comes back to the same account, another gets another', async (t) => {
  const server = await anLtiServer(t)
  const subjects = []
  for (const hint of ['u-1', 'u-1', 'u-2']) {
    const browser = server.browser()
    await server.launch(browser, {}, { login_hint: hint })
    subjects.push((await server.sessions.get(await idOf(browser)))?.subject)
  }
  assert.equal(subjects[0], subjects[1])
  assert.notEqual(subjects[0], subjects[2])
})

test('SLI-17 who comes by a platform has its limit', async (t) => {
  const server = await anLtiServer(t, { settings: { sessionLimit: 0 } })
  const browser = server.browser()
  const answer = await server.launch(browser)
  assert.equal(answer.status, 403)
  assert.match(answer.text, /limit of sessions is 0/)
  const { id = '' } = (await server.accounts.findByEmail('u-1@campus.example')) ?? {}
  const denied = await server.database
    .selectFrom('denied_logins')
    .selectAll()
    .where('account', '=', id)
    .execute()
  assert.deepEqual(
    denied.map(({ reason }) => reason),
    ['login_disabled_by_limit'],
  )
})

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

test('A-20 R-46 a launch leads to a path that the integration allows, and nowhere else', async (t) => {
  const server = await anLtiServer(t)
  const lead = async (target: string): Promise<string | undefined> => {
    const claims = { [claim('target_link_uri')]: target }
    const { status, location } = await server.launch(server.browser(), { claims })
    return status === 303 ? location : undefined
  }
  assert.equal(await lead(`${site}/account/sessions?x=1`), '/account/sessions?x=1')
  for (const start of ['', site, `${site}/`, `${site}/login/lti/${server.id}/launch`])
    assert.equal(await lead(start), '/')
  for (const evil of [
    'https://evil.example/account/sessions',
    `${site}@evil.example/account/x`,
    `${site}.evil.example/account/x`,
    '//evil.example/account/x',
    '/account/sessions',
    `${site}//evil.example/account/x`,
    `${site}/account/../nova`,
    `${site}/account/..%2fnova/..\\x`,
    `http://uma:x@localhost:4321/account/x`,
    'javascript:alert(1)',
    `${site}/logout`,
    `${site}/accounts`,
    'http://localhost:4322/account/x',
  ]) {
    const to = await lead(evil)
    assert.ok(to === undefined || to.startsWith('/account/'), `${evil} leads to ${to}`)
  }
  for (const target_link_uri of ['https://evil.example/', `${site}/nova`]) {
    assert.equal((await server.begin(server.browser(), { target_link_uri })).status, 403)
    assert.equal(whyFailed(server), 'lti: target')
  }
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

test('an integration that is closed, unknown or of another kind lets nobody in', async (t) => {
  const server = await anLtiServer(t)
  const browser = server.browser()
  const { action, fields } = await server.platform.answer((await server.begin(browser)).location)
  await server.integrations.change(server.id, 1, { enabled: false })
  assert.equal((await postFromElsewhere(browser, action, fields)).status, 404)
  assert.equal((await server.begin(browser)).status, 404)
  for (const id of ['nobody', '..', 'a%2fb'])
    assert.equal((await browser.go(`/login/lti/${id}/start`)).status, 404)
  const { id } = await server.integrations.create({ kind: 'saml', name: 'X', enabled: true, settings: {} })
  assert.equal((await browser.go(`/login/lti/${id}/start`)).status, 404)
})

test('no page and no line of the log holds a token, a state or what a browser holds', async (t) => {
  const server = await anLtiServer(t)
  const browser = server.browser()
  const seen: string[] = []
  for (const lie of [{}, { claims: { aud: 'x' } }, { sign: () => Promise.resolve('a.b.c') }]) {
    const { action, fields } = await server.platform.answer((await server.begin(browser)).location, lie)
    seen.push(
      fields['id_token'] ?? '',
      fields['state'] ?? '',
      ...(fields['id_token'] ?? '').split('.').filter((part) => part.length > 9),
    )
    await postFromElsewhere(browser, action, fields)
  }
  seen.push(/__Host-away=([\w-]+)/.exec(browser.cookie)?.[1] ?? '')
  const text = [...server.lines, ...server.answers.map((answer) => answer.text)].join('\n')
  for (const secret of seen.filter((one) => one !== 'a.b.c'))
    assert.ok(secret !== '' && !text.includes(secret), secret)
})

test('R-77 a network whose launches are not believed is slowed down, one whose are is not', async (t) => {
  const server = await anLtiServer(t)
  for (let i = 0; i < 60; i++) assert.equal((await server.launch(server.browser())).status, 303)
  const statuses = new Set()
  for (let i = 0; i < 51; i++)
    statuses.add((await server.launch(server.browser(), { claims: { aud: 'x' } })).status)
  assert.deepEqual([...statuses], [403, 429])
  const refused = await server.launch(server.browser())
  assert.equal(refused.status, 429)
  assert.match(refused.headers['retry-after'] ?? '', /^\d+$/)
})

test('R-77 a network may leave 300 times without coming back', async (t) => {
  const server = await anLtiServer(t)
  for (let i = 0; i < 300; i++) await server.begin(server.browser())
  assert.equal((await server.begin(server.browser())).status, 429)
  assert.equal((await server.database.selectFrom('round_trips').selectAll().execute()).length, 300)
  server.clock.advance(second)
  const browser = server.browser()
  assert.equal((await server.launch(browser)).status, 303)
})

test('in a frame the platform’s people are offered a window of their own, which begins again', async (t) => {
  const server = await anLtiServer(t)
  const browser = server.browser()
  const path = `/login/lti/${server.id}/start`
  const framed = await postFromElsewhere(browser, path, server.platform.initiation(), {
    'sec-fetch-dest': 'iframe',
  })
  assert.equal(framed.status, 200)
  const csp = String(framed.headers['content-security-policy'])
  assert.ok(
    csp.includes(`frame-ancestors https: ${server.platform.origin};`) && csp.includes("default-src 'none'"),
    csp,
  )
  assert.equal(framed.headers['set-cookie'], undefined)
  const href =
    /href="([^"]*start[^"]*)" target="_blank" rel="noopener"/
      .exec(framed.text)?.[1]
      ?.replaceAll('&amp;', '&') ?? ''
  const opened = await browser.go(href)
  const { action, fields } = await server.platform.answer(opened.location)
  assert.equal((await postFromElsewhere(browser, action, fields)).status, 303)
  // No other page shows itself in a frame.
  const refused = await postFromElsewhere(browser, path, { iss: 'x' }, { 'sec-fetch-dest': 'iframe' })
  assert.match(String(refused.headers['content-security-policy']), /frame-ancestors 'none'/)
})

test('what has expired is removed', async (t) => {
  const server = await anLtiServer(t)
  const { RoundTrips } = await import('../../src/round-trips/round-trips.ts')
  const trips = new RoundTrips(server.database, server.clock)
  await server.begin(server.browser())
  await trips.take(server.id, 'a', server.clock.now() + hour)
  const left = async () => [
    (await server.database.selectFrom('round_trips').selectAll().execute()).length,
    (await server.database.selectFrom('taken_assertions').selectAll().execute()).length,
  ]
  server.clock.advance(hour)
  await trips.sweep()
  assert.deepEqual(await left(), [1, 1])
  server.clock.advance(1)
  await trips.sweep()
  assert.deepEqual(await left(), [1, 0])
  server.clock.advance(10 * minute - 1)
  await trips.sweep()
  assert.deepEqual(await left(), [1, 0])
  server.clock.advance(1)
  await trips.sweep()
  assert.deepEqual(await left(), [0, 0])
})

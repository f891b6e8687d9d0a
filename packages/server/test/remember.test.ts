import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { endSentences } from 'sojourn'
import { aServer, idOf, password, type RunningTest } from './a-server.ts'
import { type Answer, type Browser, firefox, iphone } from './browser.ts'

const hour = 3_600_000
const day = 24 * hour
const email = 'uma@example.com'
const remember = { remember: 't' }

async function aPerson(t: TestContext, given?: Parameters<typeof aServer>[1]): Promise<RunningTest> {
  const server = await aServer(t, given)
  await server.person(email)
  return server
}

/** The cookies that sign somebody in. That the device is known to the sign-in page is another matter. */
function setBy({ headers }: Answer) {
  const cookies = (headers['set-cookie'] ?? []).map((line) => {
    const [pair = '', ...attributes] = line.split('; ')
    const [name = '', value = ''] = pair.split('=')
    return { name, value, attributes: attributes.join('; ') }
  })
  return cookies.filter(({ name }) => !name.endsWith('known-device'))
}

/** What a `Cookie` header holds beside the session's own cookie. */
function refreshOf({ cookie }: Browser): string {
  return cookie.split('; ').find((pair) => pair.split('=')[0]?.endsWith('-r')) ?? ''
}

test('SLI-04 the box on the sign-in page is off, and says for how long it is', async (t) => {
  const server = await aPerson(t)
  for (const path of ['/login', '/signup']) {
    const { text } = await server.browser().go(path)
    const [box = ''] = /<input[^>]*name="remember"[^>]*>/.exec(text) ?? []
    assert.match(box, /type="checkbox"/)
    assert.doesNotMatch(box, /checked/)
    assert.match(text, /Keep me signed in on this device[^]*for 30 days after your last visit/)
  }
})

test('SLI-04 SLI-06 PCA-03 R-08 the session’s cookie goes with the browser; with the box checked a second one stays for 30 days', async (t) => {
  const server = await aPerson(t)
  const plain = setBy(await server.browser().submit('/login', { email, password }))
  const kept = setBy(await server.browser().submit('/login', { email, password, ...remember }))
  const passing = 'Path=/; Secure; HttpOnly; SameSite=Lax'
  assert.deepEqual(
    plain.map(({ attributes }) => attributes),
    [passing],
  )
  assert.deepEqual(
    kept.map(({ attributes }) => attributes),
    [passing, `${passing}; Max-Age=${30 * 24 * 3_600}`],
  )
  const [session, refresh] = kept
  assert.equal(refresh?.name, `${session?.name}-r`)
  // 256 bits in base64url, and not those of the session.
  assert.match(refresh?.value ?? '', /^[\w-]{22}\.[\w-]{43}$/)
  assert.notEqual(refresh?.value.split('.')[1], session?.value.split('.')[1])
})

test('SLI-04 a sign-up with the box checked is remembered as a sign-in is', async (t) => {
  const server = await aPerson(t)
  const zoe = { name: 'Zoe', email: 'zoe@example.com', password }
  assert.equal(setBy(await server.browser().submit('/signup', { ...zoe, ...remember })).length, 2)
  const other = { ...zoe, email: 'zed@example.com' }
  assert.equal(setBy(await server.browser().submit('/signup', other)).length, 1)
})

test('the box stays as it was checked when a sign-in or a sign-up is refused', async (t) => {
  const server = await aPerson(t)
  const checked = /<input[^>]*name="remember"[^>]* checked[^>]*>/
  const browser = server.browser()
  for (const [path, fields] of [
    ['/login', { email, password: 'wrong' }],
    ['/signup', { name: '', email: '', password: '' }],
  ] as const) {
    assert.match((await browser.submit(path, { ...fields, ...remember })).text, checked)
    assert.doesNotMatch((await browser.submit(path, fields)).text, checked)
  }
})

test('where the policy remembers nobody, nobody is asked, and what is sent all the same counts for nothing', async (t) => {
  const server = await aPerson(t, { config: { policy: { extends: 'stay-logged-in', rememberFor: null } } })
  for (const path of ['/login', '/signup'])
    assert.doesNotMatch((await server.browser().go(path)).text, /name="remember"/)
  assert.equal(setBy(await server.browser().submit('/login', { email, password, ...remember })).length, 1)
})

test('the span that is promised is the shortest that the policy sets', async (t) => {
  for (const [policy, words] of [
    [{ rememberFor: '14d' }, 'for 14 days after'],
    [{ rememberMax: '7d' }, 'for 7 days after'],
    [{ methods: { password: { rememberFor: '1d' } } }, 'for 1 day after'],
  ] as const) {
    const server = await aPerson(t, { config: { policy: { extends: 'stay-logged-in', ...policy } } })
    assert.ok((await server.browser().go('/login')).text.includes(words), words)
  }
})

test('SLI-07 SLI-40 R-08 after 2 h the same request is answered, by a new session that has proven nothing anew', async (t) => {
  const server = await aPerson(t)
  const begun = server.clock.now()
  const browser = await server.signedIn(email, firefox, remember)
  const before = { id: await idOf(browser), cookie: browser.cookie }
  server.clock.advance(2 * hour)
  assert.deepEqual(setBy(await browser.go('/api/v1/sessions')), [], 'at the last valid moment')
  server.clock.advance(2 * hour + 1)
  const answer = await browser.go('/account/sessions?from=a+bookmark')
  assert.equal(answer.status, 200, 'in one round trip')
  assert.equal(setBy(answer).length, 2)
  for (const pair of before.cookie.split('; ')) assert.ok(!browser.cookie.includes(pair), 'both are new')

  const id = await idOf(browser)
  assert.notEqual(id, before.id)
  assert.partialDeepStrictEqual(await server.sessions.get(id), {
    method: 'remember',
    restored: true,
    assurance: 1,
    authenticatedAt: begun,
  })
  // A sweep of the same moment may have been there first.
  const { endReason } = (await server.sessions.get(before.id)) ?? {}
  assert.ok(endReason === 'remember_restored' || endReason === 'idle_timeout', String(endReason))
  assert.deepEqual(setBy(await browser.go('/account/sessions')), [])
})

test('only whose device is not remembered is told when they are signed out without activity', async (t) => {
  const server = await aPerson(t)
  for (const [more, says] of [
    [{}, true],
    [remember, false],
  ] as const) {
    const { text } = await (await server.signedIn(email, firefox, more)).go('/account/sessions')
    assert.equal(text.includes('Without activity you are signed out on'), says)
  }
})

test('SLI-40 a browser that was closed comes back: the refresh token alone is enough', async (t) => {
  const server = await aPerson(t)
  const browser = await server.signedIn(email, firefox, remember)
  server.clock.advance(2 * hour + 1)
  const opened = server.browser()
  assert.equal((await opened.go('/account/sessions', { cookie: refreshOf(browser) })).status, 200)
})

test('SLI-40 a form that is sent after 2 h is not lost', async (t) => {
  const server = await aPerson(t)
  const browser = await server.signedIn(email, firefox, remember)
  server.clock.advance(hour)
  const other = await server.signedIn(email, iphone)
  const id = await idOf(other)
  server.clock.advance(hour + 1)
  const answer = await browser.submit(`/account/sessions/${id}/end`)
  assert.equal(answer.location, '/account/sessions?done=ended')
  assert.equal((await server.sessions.get(id))?.endReason, 'user_revoked')
  assert.equal((await browser.go('/account/sessions')).status, 200)
  server.clock.advance(2 * hour + 1)
  assert.deepEqual((await browser.call('DELETE', '/api/v1/sessions?except=current')).json(), { ended: 0 })
})

test('SLI-41 without the box a person signs in again after 2 h, and a program hears 401', async (t) => {
  const server = await aPerson(t)
  const browser = await server.signedIn(email)
  server.clock.advance(2 * hour + 1)
  const page = await browser.go('/account/sessions')
  assert.equal(page.status, 303)
  assert.equal(page.location, '/login?reason=idle_timeout&return_to=%2Faccount%2Fsessions')
  const program = await browser.call('GET', '/api/v1/sessions')
  assert.equal(program.status, 401)
  assert.partialDeepStrictEqual(program.json(), { error: 'inactive_session', reason: 'idle_timeout' })
})

test('SLI-06 the device is remembered at 30 days, and not one millisecond later', async (t) => {
  for (const [late, status] of [
    [0, 200],
    [1, 303],
  ] as const) {
    const server = await aPerson(t)
    const browser = await server.signedIn(email, firefox, remember)
    server.clock.advance(30 * day + late)
    assert.equal((await browser.go('/account/sessions')).status, status)
  }
})

test('nobody is there to restore a session for when a page asks by itself', async (t) => {
  const server = await aPerson(t)
  const browser = await server.signedIn(email, firefox, remember)
  server.clock.advance(2 * hour + 1)
  const answer = await browser.call('GET', '/api/v1/session')
  assert.partialDeepStrictEqual(answer.json(), { state: 'restorable', reason: 'idle_timeout' })
  assert.deepEqual(setBy(answer), [])
  assert.equal((await browser.go('/account/sessions')).status, 200)
})

test('A-05 R-49 a copied refresh token that is used after the owner’s ends the session of both, and says so', async (t) => {
  const server = await aPerson(t)
  const owner = await server.signedIn(email, firefox, remember)
  const copy = refreshOf(owner)
  server.clock.advance(2 * hour + 1)
  await owner.go('/account/sessions')
  await owner.go('/account/sessions')
  server.clock.advance(20_001)

  const thief = server.browser(iphone)
  const caught = await thief.go('/account/sessions', { cookie: copy })
  assert.equal(caught.location, '/login?reason=token_reuse&return_to=%2Faccount%2Fsessions')
  assert.equal((await thief.go('/account/sessions', { cookie: copy })).status, 303)
  await saysReuse(owner)
  const line = server.lines.find((one) => one.includes('refresh.reused')) ?? ''
  assert.match(line, /"ip":"127\.0\.0\.1"/)
  const { userAgent, session_userAgent } = JSON.parse(line) as { readonly [field: string]: string }
  assert.deepEqual([userAgent, session_userAgent], [iphone, firefox])
})

test('A-05 R-49 the same where the thief was first: the owner’s next use ends it for both', async (t) => {
  const server = await aPerson(t)
  const owner = await server.signedIn(email, firefox, remember)
  const thief = server.browser(iphone)
  server.clock.advance(2 * hour + 1)
  assert.equal((await thief.go('/account/sessions', { cookie: refreshOf(owner) })).status, 200)
  assert.equal((await thief.go('/account/sessions')).status, 200)
  server.clock.advance(20_001)
  await saysReuse(owner)
  await saysReuse(thief)
})

/** Led to the sign-in page, and told there that an old copy was used. */
async function saysReuse(browser: Browser): Promise<void> {
  const answer = await browser.go('/account/sessions')
  assert.equal(answer.location, '/login?reason=token_reuse&return_to=%2Faccount%2Fsessions')
  assert.ok((await browser.go(answer.location ?? '')).text.includes(endSentences.token_reuse))
}

test('P-16 PCA-05 signing out forgets this device, and no other', async (t) => {
  const server = await aPerson(t)
  const [here, there] = [
    await server.signedIn(email, firefox, remember),
    await server.signedIn(email, iphone, remember),
  ]
  const copy = refreshOf(here)
  const answer = await here.submit('/logout')
  assert.deepEqual(
    setBy(answer).map(({ value, attributes }) => [value, attributes.endsWith('; Max-Age=0')]),
    [
      ['', true],
      ['', true],
    ],
  )
  server.clock.advance(2 * hour + 1)
  assert.equal((await server.browser().go('/account/sessions', { cookie: copy })).status, 303)
  assert.equal((await there.go('/account/sessions')).status, 200)
})

test('ROD-04 signing out everywhere forgets every device', async (t) => {
  const server = await aPerson(t)
  const browsers = [
    await server.signedIn(email, firefox, remember),
    await server.signedIn(email, iphone, remember),
  ]
  server.clock.advance(hour)
  const here = await server.signedIn(email)
  // One of them has timed out by now, the other has not.
  await browsers[1]?.go('/account/sessions')
  server.clock.advance(hour + 1)
  await here.submit('/logout', { global_logout: 't' })
  for (const browser of browsers) assert.equal((await browser.go('/account/sessions')).status, 303)
  assert.deepEqual((await server.sessions.list({ state: 'restorable' })).items, [])
})

test('R-08 coming back is no proof: what needs a fresh sign-in asks for one, and the device stays remembered', async (t) => {
  const server = await aPerson(t)
  const browser = await server.signedIn(email, firefox, remember)
  server.clock.advance(12 * hour + 1)
  assert.equal((await browser.go('/account/sessions')).status, 200)
  const refused = await browser.submit('/account/sessions/end-others')
  assert.equal(refused.location, '/login?reason=reauth_required&return_to=%2Faccount%2Fsessions')
  const page = await browser.go(refused.location ?? '')
  assert.match(page.text, /<input[^>]*name="remember"[^>]* checked[^>]*>/)
  await browser.submit('/login', { email, password, ...remember })
  const done = await browser.submit('/account/sessions/end-others')
  assert.equal(done.location, '/account/sessions?done=others')
  server.clock.advance(2 * hour + 1)
  assert.equal((await browser.go('/account/sessions')).status, 200)
})

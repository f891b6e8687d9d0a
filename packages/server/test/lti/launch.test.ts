import assert from 'node:assert/strict'
import { test } from 'node:test'
import { second } from 'sojourn/core'
import { idOf } from '../a-server.ts'
import { postFromElsewhere, site } from '../round-trips/from-elsewhere.ts'
import { anLtiServer } from './fake-platform.ts'

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
  const posted = await postFromElsewhere(
    browser,
    `/login/lti/${server.id}/start`,
    server.platform.initiation(),
  )
  assert.deepEqual([posted.status, posted.headers['set-cookie']], [303, undefined])
  const begun = await browser.go(posted.location ?? '', { 'sec-fetch-site': 'cross-site' })
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
  const dest = { 'sec-fetch-dest': 'iframe' }
  const posted = await postFromElsewhere(browser, path, server.platform.initiation(), dest)
  const framed = await browser.go(posted.location ?? '', dest)
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
  const refused = await browser.go(`${path}?iss=x`, dest)
  assert.equal(refused.status, 403)
  assert.match(String(refused.headers['content-security-policy']), /frame-ancestors 'none'/)
})

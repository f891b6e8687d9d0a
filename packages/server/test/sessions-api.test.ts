import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aServer, idOf, password } from './a-server.ts'
import { firefox, iphone } from './browser.ts'
import type { SessionView } from '../src/routes/session-view.ts'

const hour = 3_600_000
const minute = 60_000

test('R-24 ending a session wants a sign-in of the last twelve hours', async (t) => {
  const server = await aServer(t, { config: { policy: { idleTimeout: '2d', touchEvery: '0s' } } })
  await server.person('uma@example.com')
  const [here, there] = [await server.signedIn('uma@example.com'), await server.signedIn('uma@example.com')]
  const target = await idOf(there)
  server.clock.advance(12 * hour + 1)
  for (const path of [`/api/v1/sessions/${target}`, '/api/v1/sessions?except=current']) {
    const refused = await here.call('DELETE', path)
    assert.equal(refused.status, 403)
    assert.partialDeepStrictEqual(refused.json(), { error: 'reauth_required' })
  }
  for (const path of [`/account/sessions/${target}/end`, '/account/sessions/end-others']) {
    const page = await here.submit(path)
    assert.equal(page.location, '/login?reason=reauth_required&return_to=%2Faccount%2Fsessions')
    assert.match((await here.go(page.location)).text, /Sign in again/)
  }
  assert.equal((await there.call('GET', '/api/v1/sessions')).status, 200)

  await here.submit('/login', { email: 'uma@example.com', password, return_to: '/account/sessions' })
  assert.equal((await here.call('DELETE', `/api/v1/sessions/${target}`)).status, 204)
  assert.equal((await there.call('GET', '/api/v1/sessions')).status, 401)
})

test('R-24 twelve hours to the millisecond are fresh; activity does not make it fresher', async (t) => {
  const server = await aServer(t, { config: { policy: { idleTimeout: '2d', touchEvery: '0s' } } })
  await server.person('uma@example.com')
  const here = await server.signedIn('uma@example.com')
  server.clock.advance(6 * hour)
  await here.go('/account/sessions')
  server.clock.advance(6 * hour)
  assert.equal((await here.call('DELETE', '/api/v1/sessions?except=current')).status, 200)
  server.clock.advance(1)
  await here.call('POST', '/api/v1/session/keep-alive', {})
  assert.equal((await here.call('DELETE', '/api/v1/sessions?except=current')).status, 403)
})

test('P-20 seeing one’s sessions never asks for a fresh sign-in', async (t) => {
  const server = await aServer(t, { config: { policy: { idleTimeout: '20d' } } })
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  server.clock.advance(15 * 24 * hour)
  assert.equal((await browser.go('/account/sessions')).status, 200)
  assert.equal((await browser.call('GET', '/api/v1/sessions')).status, 200)
  assert.equal((await browser.call('GET', '/api/v1/session')).status, 200)
})

test('A-37 somebody else’s session is as unknown as one that never was, and lives on', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  await server.person('zoe@example.com')
  const [uma, zoe] = [await server.signedIn('uma@example.com'), await server.signedIn('zoe@example.com')]
  const foreign = await uma.call('DELETE', `/api/v1/sessions/${await idOf(zoe)}`)
  const unknown = await uma.call('DELETE', '/api/v1/sessions/AAAAAAAAAAAAAAAAAAAAAA')
  assert.equal(foreign.status, 404)
  assert.equal(foreign.text, unknown.text)
  assert.equal((await uma.submit(`/account/sessions/${await idOf(zoe)}/end`)).status, 404)
  assert.equal((await zoe.go('/account/sessions')).status, 200)
  for (const id of ['..', "'%20OR%201=1", 'x'.repeat(5_000), '%F0%9F%98%80', '%2e%2e%2f'])
    assert.equal((await uma.call('DELETE', `/api/v1/sessions/${id}`)).status, 404, id)
})

test('ending all others leaves the one that asks; ending the one that asks is a logout', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const browsers = [await server.signedIn('uma@example.com'), await server.signedIn('uma@example.com')]
  const here = await server.signedIn('uma@example.com')
  assert.equal((await here.call('DELETE', '/api/v1/sessions')).status, 400)
  assert.deepEqual((await here.call('DELETE', '/api/v1/sessions?except=current')).json(), { ended: 2 })
  for (const browser of browsers) assert.equal((await browser.call('GET', '/api/v1/sessions')).status, 401)
  const id = await idOf(here)
  const answer = await here.submit(`/account/sessions/${id}/end`)
  assert.equal(answer.location, '/login?reason=user_logout')
  assert.equal(here.cookie, '')
  assert.equal((await server.sessions.get(id))?.endReason, 'user_logout')
})

test('A-31 P-15 asking for the status never extends a session; saying "stay signed in" does', async (t) => {
  const server = await aServer(t, { config: { policy: { idleTimeout: '1h' } } })
  await server.person('uma@example.com')
  const [polling, staying] = [
    await server.signedIn('uma@example.com'),
    await server.signedIn('uma@example.com'),
  ]
  for (let i = 0; i < 61; i++) {
    server.clock.advance(minute)
    await polling.call('GET', '/api/v1/session', undefined, { 'x-session-activity': 'active' })
    assert.equal((await staying.call('POST', '/api/v1/session/keep-alive', {})).status, 200)
  }
  server.clock.advance(minute)
  const over = (await polling.call('GET', '/api/v1/session')).json()
  assert.partialDeepStrictEqual(over, { state: 'ended', reason: 'idle_timeout' })
  const alive = (await staying.call('GET', '/api/v1/session')).json() as {
    idle_expires_at: number
    now: number
  }
  assert.partialDeepStrictEqual(alive, { state: 'active' })
  assert.equal(alive.idle_expires_at - alive.now, 59 * minute)
  assert.deepEqual((await server.browser().call('GET', '/api/v1/session')).status, 200)
})

test('SLI-19 the own list names device, browser, system and address', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  await server.signedIn('uma@example.com', iphone)
  await server.signedIn('uma@example.com', '\u00a1nothing that anybody knows!')
  const browser = await server.signedIn('uma@example.com', firefox)
  const { sessions } = (await browser.call('GET', '/api/v1/sessions')).json() as { sessions: SessionView[] }
  assert.deepEqual(
    sessions.map(({ device, ip }) => `${device.type} ${device.browser} ${device.os} ${ip}`).toSorted(),
    ['desktop Firefox Linux 127.0.0.1', 'mobile Safari iOS 127.0.0.1', 'unknown Unknown Unknown 127.0.0.1'],
  )
  const { text } = await browser.go('/account/sessions')
  for (const word of ['Firefox', 'Linux', 'Safari', 'iOS', 'Unknown', '127.0.0.1', 'This device'])
    assert.ok(text.includes(word), word)
})

test('SLI-20 the last activity is the last request, as exactly as the list says', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const [busy, reader] = [await server.signedIn('uma@example.com'), await server.signedIn('uma@example.com')]
  const id = await idOf(busy)
  for (const pause of [10_000, 90_000, 59_000, 61_000, 7 * minute]) {
    server.clock.advance(pause)
    await busy.go('/account/sessions')
    const at = server.clock.now()
    server.clock.advance(1)
    const { sessions } = (await reader.call('GET', '/api/v1/sessions')).json() as { sessions: SessionView[] }
    const { last_seen_at, last_seen_lag } = sessions.find((one) => one.id === id) ?? assert.fail()
    assert.ok(
      last_seen_at <= at && at <= last_seen_at + last_seen_lag,
      `${at - last_seen_at} > ${last_seen_lag}`,
    )
    assert.ok(last_seen_lag <= minute)
  }
})

test('R-23 an administrator ends one person’s sessions, or everybody’s, and is named', async (t) => {
  const server = await aServer(t)
  const ada = await server.person('ada@example.com', { roles: ['super-admin'] })
  const uma = await server.person('uma@example.com')
  await server.person('zoe@example.com')
  const admin = await server.signedIn('ada@example.com')
  const [one, two, other] = [
    await server.signedIn('uma@example.com'),
    await server.signedIn('uma@example.com'),
    await server.signedIn('zoe@example.com'),
  ]
  const end = (body: unknown) => admin.call('POST', '/api/v1/admin/sessions/end', body)
  assert.deepEqual((await end({ subject: uma.id })).json(), { ended: 2 })
  for (const browser of [one, two])
    assert.partialDeepStrictEqual((await browser.call('GET', '/api/v1/sessions')).json(), {
      reason: 'admin_revoked',
    })
  const [ended] = (await server.sessions.list({ subject: uma.id, state: 'ended' })).items
  assert.equal(ended?.endedBy, ada.id)
  assert.ok(
    server.lines.some(
      (line) => line.includes('sessions.revoked') && line.includes(ada.id) && line.includes(uma.id),
    ),
  )
  assert.deepEqual((await end({ all: true, except: 'current' })).json(), { ended: 1 })
  assert.partialDeepStrictEqual((await other.call('GET', '/api/v1/sessions')).json(), {
    reason: 'bulk_revoked',
  })
  for (const bad of [
    {},
    { except: 'current' },
    { all: false },
    { everybody: true },
    [],
    'x',
    { id: 5 },
    null,
  ])
    assert.equal((await end(bad)).status, 400, JSON.stringify(bad))
  assert.equal((await admin.go('/nova/resources/auth-sessions')).status, 200)
})

test('SLI-23 the administrators’ list is filtered and paged by keys, on the page and in the API', async (t) => {
  const server = await aServer(t)
  await server.person('ada@example.com', { roles: ['super-admin'] })
  const uma = await server.person('uma@example.com')
  const admin = await server.signedIn('ada@example.com')
  for (let i = 0; i < 60; i++) {
    server.clock.advance(1)
    await server.sessions.start({ subject: uma.id, method: i % 2 === 0 ? 'password' : 'passkey' })
  }
  const read = async (query: string) =>
    (await admin.call('GET', `/api/v1/admin/sessions${query}`)).json() as {
      sessions: SessionView[]
      cursor: string | null
    }
  assert.equal((await read('?subject=uma@example.com&limit=1000')).sessions.length, 60)
  assert.equal((await read(`?subject=${uma.id}&method=passkey`)).sessions.length, 30)
  assert.equal((await read('?subject=nobody@example.com')).sessions.length, 0)
  assert.equal((await read('?subject=&method=&state=&reason=')).sessions.length, 50)
  const seen = new Set<string>()
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = await read(`?limit=7&cursor=${encodeURIComponent(cursor)}`)
    for (const { id } of page.sessions) seen.add(id)
    cursor = page.cursor
  }
  assert.equal(seen.size, 61)

  const page = await admin.go('/nova/resources/auth-sessions')
  const next = /href="([^"]*cursor=[^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&')
  assert.equal((await admin.go(next ?? assert.fail('no next page'))).status, 200)
  const [first] = (await read(`?subject=${uma.id}&limit=1`)).sessions
  assert.ok(first)
  const detail = `/nova/resources/auth-sessions/${first.id}`
  assert.match((await admin.go(detail)).text, new RegExp(first.id))
  assert.equal((await admin.submit(`${detail}/end`)).location, detail)
  assert.match((await admin.go(detail)).text, /admin_revoked|An administrator/)
  assert.equal((await read('?reason=admin_revoked')).sessions.length, 1)
  assert.equal((await read('?state=ended')).sessions.length, 1)
  assert.equal((await read('?state=any&limit=100')).sessions.length, 61)
  assert.partialDeepStrictEqual((await admin.call('GET', `/api/v1/admin/sessions/${first.id}`)).json(), {
    session: { id: first.id, end_reason: 'admin_revoked' },
  })
  for (const bad of [
    '?state=dead',
    '?reason=x',
    '?limit=0',
    '?limit=1001',
    '?limit=x',
    '?cursor=x',
    `?method=${'x'.repeat(65)}`,
  ])
    assert.equal((await admin.call('GET', `/api/v1/admin/sessions${bad}`)).status, 400, bad)
  for (const bad of ['?state=dead', '?reason=x', '?cursor=x'])
    assert.equal((await admin.go(`/nova/resources/auth-sessions${bad}`)).status, 400, bad)
  assert.equal((await admin.go('/nova/resources/auth-sessions/unknown')).status, 404)
  assert.equal((await admin.submit('/nova/resources/auth-sessions/unknown/end')).status, 404)
})

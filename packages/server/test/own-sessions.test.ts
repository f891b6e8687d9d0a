import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aServer, idOf, type RunningTest } from './a-server.ts'
import { type Browser, firefox, iphone } from './browser.ts'

const hour = 3_600_000
const email = 'uma@example.com'
const remember = { remember: 't' }

interface Listed {
  readonly id: string
  readonly state: string
  readonly is_current: boolean
  readonly remembered_until: number | null
}
interface Listing {
  readonly sessions: readonly Listed[]
  readonly cursor: string | null
}

async function listed(browser: Browser, path = '/api/v1/sessions'): Promise<Listing> {
  return (await browser.call('GET', path)).json() as Listing
}

/** A remembered phone that has been left alone for two hours, and a desktop that has not. */
async function leftAlone(server: RunningTest) {
  const { id: subject } = await server.person(email)
  const phone = await server.signedIn(email, iphone, remember)
  const id = await idOf(phone)
  server.clock.advance(hour)
  const desktop = await server.signedIn(email, firefox)
  server.clock.advance(hour + 1)
  return { subject, phone, desktop, id }
}

for (const sweeps of [false, true])
  test(`SLI-38 My Account counts and flags what can come back, ${sweeps ? 'swept' : 'left to itself'}`, async (t) => {
    const server = await aServer(t)
    const { subject, desktop, id } = await leftAlone(server)
    if (sweeps) await server.sessions.sweep(subject)
    const { endReason = null } = (await server.sessions.get(id)) ?? {}
    if (sweeps) assert.equal(endReason, 'idle_timeout')
    const { text } = await desktop.go('/account/sessions')
    assert.match(text, /You are signed in at 1 place, and 1 more can come back without signing in\./)
    const cards = text.split('<li class="session').slice(1)
    assert.equal(cards.length, 2)
    assert.match(cards[0] ?? '', /Firefox on Linux[^]*This device/)
    assert.doesNotMatch(cards[0] ?? '', /Can come back/)
    assert.match(
      cards[1] ?? '',
      /Safari on iOS[^]*Can come back[^]*Without signing in until[^]*31 Jan 2026, 00:00 UTC/,
    )

    const { sessions } = await listed(desktop)
    assert.deepEqual(
      sessions.map((one) => [one.state, one.is_current, one.id === id]),
      [
        ['live', true, false],
        ['restorable', false, true],
      ],
    )
    assert.equal(sessions[1]?.remembered_until, Date.UTC(2026, 0, 31))
    const active = (await server.sessions.list({ subject })).items.length
    const waiting = (await server.sessions.list({ subject, state: 'restorable' })).items.length
    assert.equal(sessions.length, active + waiting)
  })

test('SLI-38 a session that came back is listed once, as a live one', async (t) => {
  const server = await aServer(t)
  const { phone, desktop } = await leftAlone(server)
  await phone.go('/account/sessions')
  const { sessions } = await listed(desktop)
  assert.deepEqual(
    sessions.map(({ state }) => state),
    ['live', 'live'],
  )
})

test('R-54 SLI-38 ending what could come back takes its refresh token away: by one, by all others, by the API', async (t) => {
  const ways: readonly ((desktop: Browser, id: string) => Promise<unknown>)[] = [
    (desktop, id) => desktop.submit(`/account/sessions/${id}/end`),
    (desktop) => desktop.submit('/account/sessions/end-others'),
    (desktop, id) => desktop.call('DELETE', `/api/v1/sessions/${id}`),
    (desktop) => desktop.call('DELETE', '/api/v1/sessions?except=current'),
  ]
  for (const sweeps of [false, true])
    for (const end of ways) {
      const server = await aServer(t)
      const { subject, phone, desktop, id } = await leftAlone(server)
      if (sweeps) await server.sessions.sweep(subject)
      await end(desktop, id)
      assert.equal((await listed(desktop)).sessions.length, 1)
      const answer = await phone.go('/account/sessions')
      assert.equal(answer.location, '/login?reason=idle_timeout&return_to=%2Faccount%2Fsessions')
    }
})

test('R-54 ending a live session takes its refresh token with it', async (t) => {
  const server = await aServer(t)
  await server.person(email)
  const phone = await server.signedIn(email, iphone, remember)
  const desktop = await server.signedIn(email, firefox)
  await desktop.submit(`/account/sessions/${await idOf(phone)}/end`)
  const answer = await phone.go('/account/sessions')
  assert.equal(answer.location, '/login?reason=user_revoked&return_to=%2Faccount%2Fsessions')
})

test('nobody ends what somebody else could come back to', async (t) => {
  const server = await aServer(t)
  const { phone, id } = await leftAlone(server)
  await server.person('zoe@example.com')
  const zoe = await server.signedIn('zoe@example.com')
  assert.equal((await zoe.submit(`/account/sessions/${id}/end`)).status, 404)
  assert.equal((await phone.go('/account/sessions')).status, 200)
})

test('the pages of a long list hold every session once: the live ones first, then those that can come back', async (t) => {
  for (const [waiting, live] of [
    [70, 30],
    [30, 120],
    [5, 99],
    [0, 99],
  ] as const) {
    const server = await aServer(t)
    const { id: subject } = await server.person(email)
    for (let i = 0; i < waiting; i++) await server.sessions.start({ subject, remember: true })
    server.clock.advance(2 * hour + 1)
    for (let i = 0; i < live; i++) await server.sessions.start({ subject })
    const browser = await server.signedIn(email)
    const found: Listed[] = []
    for (let path: string | undefined = '/api/v1/sessions'; path !== undefined;) {
      const { sessions, cursor }: Listing = await listed(browser, path)
      assert.ok(sessions.length > 0 && sessions.length <= 100)
      found.push(...sessions)
      path = cursor === null ? undefined : `/api/v1/sessions?${new URLSearchParams({ cursor }).toString()}`
    }
    assert.equal(new Set(found.map(({ id }) => id)).size, found.length)
    const states = found.map(({ state }) => state)
    const changes = states.filter((state, at) => state !== states[at - 1])
    assert.deepEqual(changes, waiting === 0 ? ['live'] : ['live', 'restorable'])
    assert.equal(states.indexOf('restorable'), waiting === 0 ? -1 : live + 1)
    assert.equal(states.length, live + 1 + waiting)
  }
})

test('a cursor that is none of ours is refused, also behind the word for what can come back', async (t) => {
  const server = await aServer(t)
  await server.person(email)
  const browser = await server.signedIn(email)
  for (const cursor of ['x', 'restorable:x', 'restorable:restorable:']) {
    assert.equal((await browser.call('GET', `/api/v1/sessions?cursor=${cursor}`)).status, 400, cursor)
    assert.equal((await browser.go(`/account/sessions?cursor=${cursor}`)).status, 400, cursor)
  }
})

test('administrators find what can come back, and end it', async (t) => {
  const server = await aServer(t)
  const { phone, id } = await leftAlone(server)
  await server.person('ada@example.com', { roles: ['super-admin'] })
  const ada = await server.signedIn('ada@example.com')
  const path = '/nova/resources/auth-sessions'
  const list = await ada.go(`${path}?state=restorable`)
  assert.match(list.text, new RegExp(`${id}[^]*Can come back`))
  assert.deepEqual(
    (await listed(ada, '/api/v1/admin/sessions?state=restorable')).sessions.map(({ id }) => id),
    [id],
  )
  const detail = await ada.go(`${path}/${id}`)
  assert.match(detail.text, /Can come back[^]*is not signed in there, and could come back/)
  await ada.submit(`${path}/${id}/end`)
  assert.match((await ada.go(`${path}/${id}`)).text, /Ended[^]*idle_timeout/)
  assert.doesNotMatch((await ada.go(`${path}?state=restorable`)).text, new RegExp(id))
  assert.equal((await phone.go('/account/sessions')).status, 303)
})

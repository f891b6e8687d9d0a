import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { aServer, idOf, password, type RunningTest } from './a-server.ts'
import { type Answer, type Browser, iphone } from './browser.ts'

const minute = 60_000
const email = 'uma@example.com'

/** Somebody who is signed in at two places, as many as they may be, and signs in at a third. */
async function atTheLimit(t: TestContext, given: { readonly back?: string; readonly limit?: number } = {}) {
  const policy = { extends: 'stay-logged-in', limit: given.limit ?? 2, onExceed: 'ask-user' } as const
  const server = await aServer(t, { config: { policy } })
  const { id: subject } = await server.person(email)
  const first = await server.signedIn(email)
  server.clock.advance(minute)
  const second = await server.signedIn(email, iphone)
  const third = server.browser()
  const back = given.back === undefined ? {} : { return_to: given.back }
  const asked = await third.submit('/login', { email, password, ...back })
  return { server, subject, first, second, third, asked }
}

async function isSignedIn(browser: Browser): Promise<boolean> {
  return (await browser.call('GET', '/api/v1/sessions')).status === 200
}

async function live({ sessions }: RunningTest, subject: string): Promise<number> {
  return (await sessions.list({ subject })).items.filter(({ activatedAt }) => activatedAt !== null).length
}

/** The ids that a page offers to end, in its order. */
function offered({ text }: Answer): readonly string[] {
  return [...text.matchAll(/name="end" value="([^"]+)"/g)].map(([, id = '']) => id)
}

test('SLI-22 SLI-37 P-08 at the limit a person chooses which session to end, and is signed in where they wanted to go', async (t) => {
  const { server, subject, first, second, third, asked } = await atTheLimit(t, { back: '/account' })
  assert.equal(asked.status, 303)
  assert.equal(asked.location, '/login/choose?return_to=%2Faccount')
  assert.equal(await isSignedIn(third), false)
  const page = await third.go(asked.location ?? '')
  assert.equal(page.status, 200)
  assert.match(page.text, /You may be signed in at 2 places at once\.[^]*end one of these sessions/)
  assert.deepEqual(offered(page), [await idOf(first), await idOf(second)], 'longest unseen first')
  assert.match(page.text, /End it and sign in<span class="hidden">\s*on Safari, iOS<\/span/)
  const chosen = { end: await idOf(second), return_to: '/account' }
  const done = await third.submit('/login/choose', chosen)
  assert.equal(done.location, '/account')
  assert.equal(await isSignedIn(third), true)
  assert.equal(await isSignedIn(first), true)
  const told = await second.go('/account/sessions')
  assert.match(told.location ?? '', /reason=user_revoked/)
  assert.equal(await live(server, subject), 2)
})

test('the same as JSON: what there is to choose from, then the session that has begun', async (t) => {
  const { server, subject, first, third } = await atTheLimit(t)
  const choice = await third.call('GET', '/api/v1/session/choice')
  assert.equal(choice.status, 200)
  const { to_end, waits_until, sessions } = choice.json() as {
    readonly to_end: number
    readonly waits_until: number
    readonly sessions: readonly {
      readonly id: string
      readonly device: unknown
      readonly is_current: boolean
    }[]
  }
  assert.equal(to_end, 1)
  assert.equal(waits_until, server.clock.now() + 10 * minute)
  assert.equal(sessions.length, 2)
  assert.equal(sessions[0]?.id, await idOf(first))
  assert.ok(sessions.every(({ is_current }) => !is_current))
  for (const bad of [{ end: 1 }, { ends: 'x' }, { end: 'x'.repeat(129) }])
    assert.equal((await third.call('POST', '/api/v1/session/choice', bad)).status, 400)
  const done = await third.call('POST', '/api/v1/session/choice', { end: sessions[0]?.id })
  assert.equal(done.status, 200)
  assert.partialDeepStrictEqual(done.json(), { state: 'active', subject })
  const again = await third.call('POST', '/api/v1/session/choice', {})
  assert.equal(again.status, 404)
  assert.partialDeepStrictEqual(again.json(), { error: 'not_waiting' })
})

test('A-37 a session of somebody else, one that is over and one that never was are the same: nothing ends', async (t) => {
  const { server, third } = await atTheLimit(t)
  await server.person('zoe@example.com')
  const zoe = await server.signedIn('zoe@example.com')
  for (const end of [await idOf(zoe), 'never-was', await idOf(third).catch(() => 'nobody')]) {
    const page = await third.submit('/login/choose', { end })
    assert.equal(page.status, 404)
    assert.match(page.text, /role="alert"[^]*ended already, or is none of yours/)
    assert.equal(offered(page).length, 2)
    assert.equal((await third.call('POST', '/api/v1/session/choice', { end })).status, 404)
  }
  assert.equal(await isSignedIn(zoe), true)
  assert.equal(await isSignedIn(third), false)
})

test('a sign-in waits ten minutes for the choice: to the last one, and not a millisecond longer', async (t) => {
  for (const [late, where] of [
    [0, '/'],
    [1, '/login?reason=login_waited'],
  ] as const) {
    const { server, first, third } = await atTheLimit(t)
    const end = await idOf(first)
    server.clock.advance(10 * minute + late)
    assert.equal((await third.submit('/login/choose', { end })).location, where)
    assert.equal(await isSignedIn(third), late === 0)
    assert.equal(await isSignedIn(first), late === 1)
  }
})

test('where a session has ended meanwhile, there is room, and nobody has to end another', async (t) => {
  const { server, subject, first, third } = await atTheLimit(t)
  await first.submit('/logout')
  const page = await third.go('/login/choose')
  assert.match(page.text, /There is room for another session now[^]*Go on signing in/)
  assert.deepEqual(offered(page), [])
  assert.equal((await third.submit('/login/choose')).location, '/')
  assert.equal(await isSignedIn(third), true)
  assert.equal(await live(server, subject), 2)
})

test('A-24 of two sign-ins that choose at once both are in, or one is asked again; the limit holds', async (t) => {
  const { server, subject, first, second, third } = await atTheLimit(t)
  const fourth = server.browser()
  await fourth.submit('/login', { email, password })
  const end = await idOf(first)
  const answers = await Promise.all([third, fourth].map((one) => one.submit('/login/choose', { end })))
  assert.equal(answers.filter(({ location }) => location === '/').length, 1)
  assert.equal(await live(server, subject), 2)
  assert.equal(await isSignedIn(second), true)
})

test('SLI-34 whoever has to end several is asked until there is room', async (t) => {
  const { server, subject, first, second, third } = await atTheLimit(t)
  await server.accounts.setSessionLimit(subject, 1)
  const page = await third.go('/login/choose')
  assert.match(page.text, /You may be signed in at 1 place at once\.[^]*end 2 of these sessions/)
  const once = await third.submit('/login/choose', { end: await idOf(first) })
  assert.equal(once.location, '/login/choose')
  assert.equal((await third.call('POST', '/api/v1/session/choice', {})).status, 409)
  assert.equal((await third.submit('/login/choose', { end: await idOf(second) })).location, '/')
  assert.equal(await live(server, subject), 1)
})

test('whoever does not choose is led back to the choice, or gives it up', async (t) => {
  const { server, subject, third } = await atTheLimit(t)
  assert.equal((await third.open('/account/sessions?cursor=')).text.includes('Choose a session to end'), true)
  assert.equal((await third.go('/login')).location, '/login/choose')
  const out = await third.submit('/logout')
  assert.equal(out.location, '/login?reason=user_logout')
  assert.equal((await third.go('/login/choose')).location, '/login?reason=login_waited')
  const told = await third.go('/login?reason=login_waited')
  assert.match(told.text, /That sign-in waited for too long, or is complete/)
  assert.equal(await live(server, subject), 2)
  assert.equal((await third.call('GET', '/api/v1/session/choice')).status, 404)
})

test('SLI-38 a sign-in that waits is no place where somebody is signed in', async (t) => {
  const { first } = await atTheLimit(t)
  const { sessions } = (await first.call('GET', '/api/v1/sessions')).json() as {
    readonly sessions: unknown[]
  }
  assert.equal(sessions.length, 2)
  assert.match((await first.go('/account/sessions')).text, /You are signed in at 2 places\./)
})

test('A-13 another site chooses for nobody', async (t) => {
  const { server, subject, first, third } = await atTheLimit(t)
  const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
  assert.equal((await third.submit('/login/choose', { end: await idOf(first) }, foreign)).status, 403)
  assert.equal(await live(server, subject), 2)
})

test('A-20 after a choice one never leaves this origin', async (t) => {
  const { first, third } = await atTheLimit(t)
  const answer = await third.submit('/login/choose', { end: await idOf(first), return_to: '//evil.example' })
  assert.equal(answer.location, '/')
})

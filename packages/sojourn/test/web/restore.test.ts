import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hour, second } from '../../src/core/duration.ts'
import { createSessions, type Sessions, type SessionsOptions } from '../../src/create-sessions.ts'
import type { Started } from '../../src/engine/start.ts'
import { memory } from '../../src/stores/memory.ts'
import { StoreUnderTest } from '../../src/testing/adapter-contract/store-under-test.ts'
import { FakeClock } from '../../src/testing/clock.ts'
import type { Reply } from '../../src/web/exchange.ts'
import { isReply, openVisit } from '../../src/web/open.ts'
import type { Visit } from '../../src/web/visit.ts'
import { AnExchange } from './an-exchange.ts'

type Auth = Sessions<object>

interface House {
  readonly auth: Auth
  readonly store: StoreUnderTest
  readonly clock: FakeClock
}

const secret = 'the secret of an install, long enough for it'

function house(options: Partial<SessionsOptions> = {}): House {
  const store = new StoreUnderTest(memory())
  const clock = new FakeClock()
  const auth = createSessions({
    store: store.store,
    clock,
    secret,
    sweepEvery: null,
    onError: () => {},
    onWarning: () => {},
    ...options,
  })
  return { auth, store, clock }
}

const refreshOf = ({ refresh }: Started): string => refresh?.reveal() ?? ''

async function ask(auth: Auth, cookies: readonly (readonly [name: string, value: string])[]) {
  const cookie = cookies.map((pair) => pair.join('=')).join('; ')
  const exchange = new AnExchange({ cookie })
  const opened: Visit<object> | Reply = await openVisit<object>(auth, auth.web, exchange, () => {})
  if (isReply(opened)) return { reply: opened, visit: undefined, exchange }
  await opened.finish()
  return { reply: undefined, visit: opened, exchange }
}

test('R-37 A-12 of several refresh tokens the one that restores a session counts, wherever it stands', async () => {
  const { auth, clock } = house()
  const name = auth.web.rememberCookie
  const login = () => auth.start({ subject: 'u-1', remember: true })
  const [good, copied] = [await login(), await auth.start({ subject: 'u-2', remember: true })]
  clock.advance(2 * hour + 1)
  const first = await auth.restore(refreshOf(copied), { userAgent: null, ip: null, passive: false })
  assert.ok(first.state === 'restored')
  await auth.verify(first.started.token.reveal(), { userAgent: null, ip: null, passive: false })
  clock.advance(20 * second + 1)
  const cookies = [refreshOf(copied), 'tossed', refreshOf(good)].map((value) => [name, value] as const)
  assert.equal((await ask(auth, cookies)).visit?.subject, 'u-1')
  assert.equal((await ask(auth, cookies.slice(0, 2))).visit?.ended?.reason, 'token_reuse')
})

test('JAD-31 SLI-40 a device is restored by the cookie that it was given before the secret was replaced', async () => {
  const store = memory()
  const clock = new FakeClock()
  const policy = { cookieName: 'random' } as const
  const before = house({ store, clock, policy }).auth
  const started = await before.start({ subject: 'u-1', remember: true })
  clock.advance(2 * hour + 1)
  const after = house({
    store,
    clock,
    policy,
    secret: ['another secret of the install, long enough', secret],
  }).auth
  assert.notEqual(after.web.rememberCookie, before.web.rememberCookie)
  const { visit, exchange } = await ask(after, [[before.web.rememberCookie, refreshOf(started)]])
  assert.deepEqual([visit?.subject, visit?.session?.restored], ['u-1', true])
  const [session = '', remember = ''] = exchange.answered('Set-Cookie')
  assert.ok(session.startsWith(`${after.web.cookie}=`) && remember.startsWith(`${after.web.rememberCookie}=`))
})

test('SLI-16 SLI-41 a device that the limit refuses is asked to log in, and its token is left alone', async () => {
  let limit: number | 'unlimited' = 'unlimited'
  const { auth, clock } = house({
    policy: { onExceed: 'deny' },
    subjectPolicy: () => ({ limit }),
  })
  const remembered = await auth.start({ subject: 'u-1', remember: true })
  clock.advance(2 * hour + 1)
  await auth.start({ subject: 'u-1' })
  const cookies = [[auth.web.rememberCookie, refreshOf(remembered)]] as const
  for (limit of [1, 0]) {
    const { visit, exchange } = await ask(auth, cookies)
    assert.deepEqual([visit?.isLoggedIn, exchange.answered('Set-Cookie')], [false, []])
  }
  limit = 2
  assert.equal((await ask(auth, cookies)).visit?.subject, 'u-1')
})

test('P-23 A-30 a store that is down while a device is restored: 503, and up again the same device', async () => {
  const { auth, clock, store } = house()
  const remembered = await auth.start({ subject: 'u-1', remember: true })
  clock.advance(2 * hour + 1)
  const cookies = [[auth.web.rememberCookie, refreshOf(remembered)]] as const
  store.down = true
  const { reply } = await ask(auth, cookies)
  assert.equal(reply?.status, 503)
  store.down = false
  assert.equal((await ask(auth, cookies)).visit?.subject, 'u-1')
})

test('R-11 what is no refresh token never reaches the store', async () => {
  const { auth, store } = house()
  for (const text of ['', 'x', 'A'.repeat(10_000), "'", '$ne', '../../etc', '%00', '.', 'a.b']) {
    const { visit } = await ask(auth, [[auth.web.rememberCookie, text]])
    assert.equal(visit?.refusalReason, 'login_required')
  }
  assert.deepEqual(store.calls, [])
})

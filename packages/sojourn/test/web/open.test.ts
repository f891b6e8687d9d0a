import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SessionError } from '../../src/core/errors.ts'
import { createSessions, type Sessions, type SessionsOptions } from '../../src/create-sessions.ts'
import { memory } from '../../src/stores/memory.ts'
import { StoreUnderTest } from '../../src/testing/adapter-contract/store-under-test.ts'
import type { Reply } from '../../src/web/exchange.ts'
import { isReply, openVisit } from '../../src/web/open.ts'
import type { Visit } from '../../src/web/visit.ts'
import { AnExchange } from './an-exchange.ts'

type Auth = Sessions<{ readonly [key: string]: unknown }>

function house(options: Partial<SessionsOptions> = {}): { auth: Auth; store: StoreUnderTest } {
  const store = new StoreUnderTest(memory())
  const auth = createSessions({ store: store.store, sweepEvery: null, onError: () => {}, ...options })
  return { auth, store }
}

async function open(auth: Auth, exchange: AnExchange): Promise<Visit> {
  const opened: Visit | Reply = await openVisit(auth, auth.web, exchange, () => {})
  assert.ok(!isReply(opened))
  return opened
}

const withCookie = (auth: Auth, value: string): AnExchange =>
  new AnExchange({ cookie: `${auth.web.cookie}=${value}` })

test('P-22 A-33 a hundred thousand requests without a cookie: no row, no call of the store, at once', async () => {
  const { auth, store } = house()
  const exchange = new AnExchange({ cookie: 'theme=dark', 'user-agent': 'a browser' })
  for (let i = 0; i < 100_000; i++) {
    const opened = openVisit(auth, auth.web, exchange, () => {})
    assert.ok(!(opened instanceof Promise))
    exchange.answer.length = 0
  }
  assert.deepEqual(store.calls, [])
  assert.deepEqual((await auth.list({ state: 'any' })).items, [])
})

test('R-11 no malformed token reaches the store, whatever bytes it has', async () => {
  const { auth, store } = house()
  const texts = [
    '',
    'x',
    'A'.repeat(10_000),
    '\0',
    "' OR 1=1 --",
    '$ne',
    '../../etc/passwd',
    '😀',
    '%00',
    'A.B',
    '\u2028',
  ]
  for (const text of texts) {
    const visit = await open(auth, withCookie(auth, text))
    assert.equal(visit.session, null)
    assert.equal(visit.refusalReason, 'login_required')
  }
  assert.deepEqual(store.calls, [])
})

test('a store that answers at once is answered from at once', async () => {
  const { auth } = house()
  const { token } = await auth.start({ subject: 'u-1' })
  const opened = openVisit(auth, auth.web, withCookie(auth, token.reveal()), () => {})
  assert.ok(!(opened instanceof Promise))
  assert.ok(!isReply(opened))
  assert.equal(opened.finish(), undefined)
})

test('a damaged record opens nothing, is reported, and whoever held it can log in anew', async () => {
  const errors: unknown[] = []
  const damaged = new SessionError('invalid_data', 'session s-1: the record is damaged')
  for (const find of [
    () => {
      throw damaged
    },
    () => Promise.reject(damaged),
  ]) {
    const inner = memory()
    const store = Object.assign(Object.create(inner) as typeof inner, {
      find,
      create: inner.create.bind(inner),
    })
    const auth = createSessions({ store, sweepEvery: null, onError: (error) => errors.push(error) })
    const visit = await open(auth, withCookie(auth, `${'A'.repeat(22)}.${'A'.repeat(43)}`))
    assert.equal(visit.isLoggedIn, false)
    await visit.login('u-1')
    assert.equal(visit.subject, 'u-1')
  }
  assert.deepEqual(errors, [damaged, damaged])
})

test('A-12 of several ended sessions the first is told of, and no dead one hides a live one', async () => {
  const { auth } = house()
  const [first, second] = [await auth.start({ subject: 'u-1' }), await auth.start({ subject: 'u-2' })]
  await auth.end({ subject: 'u-1' }, 'admin_revoked')
  await auth.end({ subject: 'u-2' }, 'user_revoked')
  const name = auth.web.cookie
  const reasonOf = async (...tokens: string[]): Promise<unknown> => {
    const cookie = tokens.map((token) => `${name}=${token}`).join('; ')
    return (await open(auth, new AnExchange({ cookie }))).ended?.reason
  }
  const [one, two] = [first.token.reveal(), second.token.reveal()]
  assert.equal(await reasonOf(one, two), 'admin_revoked')
  assert.equal(await reasonOf(two, one), 'user_revoked')
  assert.equal(await reasonOf('x', two, one), 'user_revoked')
})

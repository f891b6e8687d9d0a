import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../../src/core/store.ts'
import { memory } from '../../src/stores/memory.ts'
import { anEngine, seeded } from './an-engine.ts'
import { around } from './around.ts'
import { minute, start } from '../../src/testing/fixtures.ts'

test('what is no store is refused, and not shown', () => {
  const store = 'postgres://user:hunter2@db/app' as unknown as Store
  assert.throws(
    () => anEngine({ store }),
    (error) => {
      assert.ok(error instanceof Error)
      assert.match(error.message, /^store: expected a store, such as memory\(\)/)
      assert.doesNotMatch(error.message, /hunter2/)
      return true
    },
  )
})

test('a realm that is no name is refused', () => {
  for (const realm of ['', 'a b', 'x'.repeat(65), '../x'])
    assert.throws(() => anEngine({ realm }), { code: 'invalid_option', message: /^realm: expected 1 to 64/ })
})

test('a policy that a store declines is refused at construction, also where a role alone needs it', () => {
  const declines = { 'exact-limits': 'it has no transactions' }
  const store: Store = Object.assign(
    around(memory(), (_verb, run) => run()),
    { declines },
  )
  for (const policy of [{ limit: 3 }, 'aurora', { methods: { saml: { limit: 1 } } }] as const)
    assert.throws(() => anEngine({ store, policy }), {
      code: 'store_declines',
      message: /policy\.limit: the memory store does not keep exact limits \(it has no transactions\)/,
    })
  anEngine({ store, policy: 'stay-logged-in' })
})

test('ROD-26 an id that is given twice is told of, and the login succeeds with another', async () => {
  let calls = 0
  const good = seeded('good')
  // The ids of the first two logins are alike: a random source that repeats itself.
  const random = (size: number) => (size === 16 && calls++ < 2 ? new Uint8Array(size) : good(size))
  const { login, events, live, state } = anEngine({ random })
  const first = await login()
  const second = await login()
  assert.notEqual(first.session.id, second.session.id)
  assert.equal(await state(first), 'active')
  assert.equal(await state(second), 'active')
  assert.equal((await live()).length, 2)
  assert.deepEqual(
    events.filter(({ type }) => type === 'id.duplicated'),
    [{ type: 'id.duplicated', at: start, id: first.session.id }],
  )
})

test('a random source that is broken for good refuses the login, and overwrites nobody', async () => {
  const { login, events, state } = anEngine({ random: (size) => new Uint8Array(size).fill(7) })
  const one = await login()
  await assert.rejects(login('u-2'), { code: 'store_unavailable', message: /3 new ids in a row were taken/ })
  assert.equal(events.filter(({ type }) => type === 'id.duplicated').length, 3)
  assert.equal(await state(one), 'active')
})

test('P-11 explain says what each rule makes of a session, and agrees with the request', async () => {
  const { login, engine, clock, state } = anEngine({ policy: 'aurora' })
  const one = await login()
  clock.advance(59 * minute)
  const before = await engine.explain(one.session.id)
  assert.equal(before?.verdict.next, 'accept')
  assert.deepEqual(before?.trace.at(-1), {
    rule: 'idle-timeout',
    reason: 'idle_timeout',
    deadline: start + 60 * minute,
  })
  clock.advance(2 * minute)
  const after = await engine.explain(one.session.id)
  assert.deepEqual(after?.verdict, { next: 'end', reason: 'idle_timeout', endedAt: start + 60 * minute })
  assert.equal(await state(one), 'idle_timeout')
  assert.equal(await engine.explain('nobody'), undefined)
})

test('a list goes page by page, newest first, and says so where its input is wrong', async () => {
  const { login, engine, clock } = anEngine()
  const ids: string[] = []
  for (let i = 0; i < 7; i++) {
    clock.advance(1)
    ids.unshift((await login()).session.id)
  }
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await engine.list({ subject: 'u-1', limit: 3, ...(cursor === undefined ? {} : { cursor }) })
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.cursor ?? undefined
  } while (cursor !== undefined)
  assert.deepEqual(seen, ids)
  for (const limit of [0, 1001, 1.5, Number.NaN])
    await assert.rejects(engine.list({ limit }), { code: 'invalid_option', message: /^limit: / })
})

test('P-12 ended sessions are found by reason until they are purged', async () => {
  const { login, engine } = anEngine()
  const [one, other] = [await login(), await login()]
  await engine.end({ id: one.session.id }, 'user_logout')
  await engine.end({ id: other.session.id }, 'admin_revoked')
  const page = await engine.list({ state: 'ended', reason: 'admin_revoked' })
  assert.deepEqual(
    page.items.map(({ id, endReason }) => [id, endReason]),
    [[other.session.id, 'admin_revoked']],
  )
})

test('expiresAt is exact for this process, between the touches', async () => {
  const { login, engine, clock, ask } = anEngine({ policy: 'aurora' })
  const one = await login()
  clock.advance(20_000)
  await ask(one.token)
  clock.advance(5_000)
  const found = await ask(one.token, { passive: true })
  assert.ok(found.state === 'active')
  assert.equal(found.expiresAt, start + 20_000 + 60 * minute)
  assert.equal(engine.expiresAt(found.session, false), start + 20_000 + 60 * minute)
  assert.equal(engine.expiresAt(found.session, true), start + 25_000 + 60 * minute)
})

test('policies of many strange roles do not fill the memory, and stay right', async () => {
  const { engine } = anEngine({ policy: { roles: { a: { limit: 1 } } } })
  for (let i = 0; i < 10_050; i++) engine.policyFor({ roles: [`r${i}`] })
  assert.equal(engine.policyFor({ roles: ['a'] }).policy.limit, 1)
})

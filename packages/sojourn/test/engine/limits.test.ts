import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PolicyValues } from '../../src/core/policy.ts'
import { minute } from '../../src/testing/fixtures.ts'
import { anEngine, stores } from './an-engine.ts'
import { distant } from './around.ts'

const administrator = { roles: ['administrator'] }

for (const [name, open] of stores)
  describe(`limits on ${name}`, () => {
    test('AUR-20 the sessions of an account are its logins less what has ended', async () => {
      const { login, engine, live } = anEngine({ store: open(), policy: 'stay-logged-in' })
      const started = [await login(), await login(), await login()]
      await login('u-2')
      assert.equal((await live()).length, 3)
      await engine.end({ id: started[0]?.session.id ?? '' }, 'user_logout')
      assert.equal((await live()).length, 2)
      assert.equal((await live('u-2')).length, 1)
    })

    test('AUR-21 an administrator has one session, other roles as many as they like', async () => {
      const { login, live, state } = anEngine({ store: open(), policy: 'aurora' })
      const first = await login('root', administrator)
      const second = await login('root', administrator)
      assert.equal(await state(first), 'evicted_by_limit')
      assert.equal(await state(second), 'active')
      for (let i = 0; i < 5; i++) await login('member', { roles: ['member'] })
      assert.equal((await live('member')).length, 5)
    })

    test('AUR-22 the longest unseen session makes room; at a tie the older; never the new one', async () => {
      const { login, state, clock, ask, ended } = anEngine({ store: open(), policy: { limit: 3 } })
      const a = await login()
      clock.advance(minute)
      const b = await login()
      const c = await login()
      clock.advance(10 * minute)
      await ask(a.token)
      clock.advance(10 * minute)
      const d = await login()
      const [older, younger] = b.session.id < c.session.id ? [b, c] : [c, b]
      assert.deepEqual(ended(), [[older.session.id, 'evicted_by_limit']])
      assert.equal(await state(older), 'evicted_by_limit')
      for (const one of [a, younger, d]) assert.equal(await state(one), 'active')
    })

    test('SLI-34 five logins are five active sessions', async () => {
      const { login, live, state } = anEngine({ store: open(), policy: 'stay-logged-in' })
      const started = await Promise.all(Array.from({ length: 5 }, () => login()))
      assert.equal((await live()).length, 5)
      for (const one of started) assert.equal(await state(one), 'active')
    })

    test('SLI-16 P-08 a limit of 0 refuses the login, with a word of its own, and writes nothing', async () => {
      const subjectPolicy = (): PolicyValues => ({ limit: 0 })
      const { login, engine, events } = anEngine({ store: open(), subjectPolicy })
      await assert.rejects(login(), { code: 'login_disabled_by_limit', status: 403 })
      assert.equal((await engine.list({ state: 'any' })).items.length, 0)
      assert.deepEqual(
        events.map((event) => (event.type === 'login.refused' ? [event.subject, event.reason] : event.type)),
        [['u-1', 'login_disabled_by_limit']],
      )
    })

    test('a limit that denies refuses the login, and all that stand stay', async () => {
      const { login, live, events, engine } = anEngine({
        store: open(),
        policy: { limit: 2, onExceed: 'deny' },
      })
      const first = await login()
      await login()
      await assert.rejects(login(), { code: 'login_refused_by_limit', status: 403 })
      assert.equal((await live()).length, 2)
      assert.equal(events.at(-1)?.type, 'login.refused')
      await engine.end({ id: first.session.id }, 'user_logout')
      await login()
      assert.equal((await live()).length, 2)
    })

    test('P-07 A-24 fifty parallel logins leave exactly three, by either policy', async () => {
      for (const onExceed of ['evict-oldest-inactive', 'deny'] as const) {
        const { login, live, ended } = anEngine({ store: distant(open()), policy: { limit: 3, onExceed } })
        const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => login()))
        assert.equal((await live()).length, 3)
        const refused = outcomes.filter(({ status }) => status === 'rejected').length
        assert.equal(refused, onExceed === 'deny' ? 47 : 0)
        assert.equal(ended().length, 47 - refused)
        assert.equal(new Set(ended().map(([id]) => id)).size, ended().length, 'each ends once')
      }
    })

    test('a limit that was lowered drains all the excess at the next login', async () => {
      const first = anEngine({ store: open(), policy: { limit: 5 } })
      for (let i = 0; i < 5; i++) await first.login()
      const { store, clock } = first
      const second = anEngine({ store, clock, policy: { limit: 2 } })
      await second.login()
      assert.equal((await second.live()).length, 2)
    })

    test('guests and the expired are not counted', async () => {
      const { login, guest, live, clock, ended } = anEngine({ store: open(), policy: { limit: 1 } })
      for (let i = 0; i < 3; i++) await guest()
      await login()
      assert.equal((await live(null)).length, 3)
      clock.advance(121 * minute)
      await login()
      assert.deepEqual(ended(), [])
    })
  })

test('SLI-12 SLI-13 SLI-15 the individual limit prevails over the global one: empty, 0, n', async () => {
  const own: Record<string, PolicyValues | null | undefined> = {
    five: { limit: 5 },
    one: { limit: 1 },
    none: { limit: 0 },
    unset: { limit: null },
    unknown: undefined,
    // A row of a database that is not there.
    missing: null,
  }
  const subjectPolicy = (subject: string) => own[subject] as PolicyValues | undefined
  const { login, live } = anEngine({ policy: { limit: 2 }, subjectPolicy })
  const standing = async (subject: string) => {
    for (let i = 0; i < 7; i++) await login(subject).catch(() => undefined)
    return (await live(subject)).length
  }
  const found = Object.fromEntries(
    await Promise.all(Object.keys(own).map(async (subject) => [subject, await standing(subject)] as const)),
  )
  assert.deepEqual(found, { five: 5, one: 1, none: 0, unset: 2, unknown: 2, missing: 2 })
})

test("SLI-14 changing the global limit does not change a subject's own", async () => {
  const subjectPolicy = (): PolicyValues => ({ limit: 4 })
  for (const limit of [1, 9]) {
    const { login, live } = anEngine({ policy: { limit }, subjectPolicy })
    for (let i = 0; i < 6; i++) await login()
    assert.equal((await live()).length, 4)
  }
})

test('SLI-18 policyFor says what holds and whose value it is', () => {
  const { engine } = anEngine({ policy: 'aurora' })
  const { policy, sources } = engine.policyFor({ roles: ['administrator'] }, { limit: 5 })
  assert.equal(policy.limit, 5)
  assert.deepEqual(sources.limit, {
    from: 'subject',
    shown: '5',
    losers: [{ from: 'role administrator', shown: '1' }],
  })
})

test("a subject's own layer that does not read refuses the login with its key path", async () => {
  const { login } = anEngine({ subjectPolicy: () => ({ limit: -1 }) })
  await assert.rejects(login(), {
    code: 'invalid_option',
    message: /^subjectPolicy\.limit: expected a whole/,
  })
})

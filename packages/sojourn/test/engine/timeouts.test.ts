import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PolicyInput } from '../../src/core/layers.ts'
import { hour, minute, second, start } from '../../src/testing/fixtures.ts'
import { anEngine, stores } from './an-engine.ts'

const day = 24 * hour

/** requirement, policy, when it is still valid after the last request, the word one millisecond later */
const boundaries: readonly (readonly [title: string, PolicyInput, number, string])[] = [
  ['AUR-14 R-12 aurora: an hour of inactivity', 'aurora', 60 * minute, 'idle_timeout'],
  ['SLI-02 SLI-41 stay-logged-in: two hours of inactivity', 'stay-logged-in', 2 * hour, 'idle_timeout'],
  ['JAD-08 JAD-24 jadu: a quarter of an hour', 'jadu', 15 * minute, 'idle_timeout'],
  [
    'JAD-06 jadu at its ceiling: 1440 seconds since last access',
    { extends: 'jadu', idleTimeout: '24m', formTimeout: null },
    1440 * second,
    'idle_timeout',
  ],
  ['ROD-05 rodauth: 86400 seconds since last use', 'rodauth', 86_400 * second, 'idle_timeout'],
  [
    'ROD-06 rodauth: 2592000 seconds since creation',
    { extends: 'rodauth', idleTimeout: null },
    2_592_000 * second,
    'absolute_timeout',
  ],
  ['oidc: three days of inactivity', 'oidc', 3 * day, 'idle_timeout'],
]

for (const [name, open] of stores)
  describe(`timeouts on ${name}`, () => {
    for (const [title, policy, valid, reason] of boundaries)
      test(`${title}: valid at T, over one millisecond later`, async () => {
        const within = anEngine({ store: open(), policy })
        const one = await within.login()
        within.clock.advance(valid)
        assert.equal(await within.state(one), 'active')
        const beyond = anEngine({ store: open(), policy })
        const other = await beyond.login()
        beyond.clock.advance(valid + 1)
        assert.equal(await beyond.state(other), reason)
        const record = await beyond.engine.get(other.session.id)
        assert.equal(record?.endReason, reason)
        assert.equal(record.endedAt, start + valid)
      })

    test('AUR-19 the timer starts again at each request', async () => {
      const { login, state, clock, ask } = anEngine({ store: open(), policy: 'aurora' })
      const one = await login()
      clock.advance(59 * minute)
      const found = await ask(one.token)
      assert.ok(found.state === 'active')
      assert.equal(found.expiresAt, clock.now() + 60 * minute)
      clock.advance(60 * minute)
      assert.equal(await state(one), 'active')
      clock.advance(60 * minute + 1)
      assert.equal(await state(one), 'idle_timeout')
    })

    test('SLI-01 SLI-39 twenty pages in an hour and 59 minutes, the same session, without a login', async () => {
      const { login, clock, ask } = anEngine({ store: open(), policy: 'stay-logged-in' })
      const one = await login()
      for (let page = 0; page < 20; page++) {
        clock.advance((119 * minute) / 20)
        const found = await ask(one.token)
        assert.ok(found.state === 'active')
        assert.equal(found.session.id, one.session.id)
      }
    })

    test('R-13 R-15 a request every hour: it is over at the absolute timeout all the same', async () => {
      const { login, state, clock, engine } = anEngine({ store: open(), policy: 'aurora' })
      const one = await login()
      for (let hours = 1; hours <= 24; hours++) {
        clock.set(start + hours * hour)
        assert.equal(await state(one), 'active', `${hours} h`)
        await engine.touch(one.session.id)
        await engine.data.write(one.session.id, { add: { pages: 1 } })
        assert.equal((await engine.get(one.session.id))?.expiresAt, start + day)
      }
      clock.advance(1)
      assert.equal(await state(one), 'absolute_timeout')
    })

    test('P-15 A-31 polling never keeps a session alive', async () => {
      const { login, state, clock } = anEngine({ store: open(), policy: 'aurora' })
      const one = await login()
      while (clock.now() <= start + 59.5 * minute) {
        clock.advance(30 * second)
        assert.equal(await state(one, { passive: true }), 'active')
      }
      clock.set(start + 60 * minute + 1)
      assert.equal(await state(one, { passive: true }), 'idle_timeout')
    })

    test('SLI-33 a guest is over after 30 minutes', async () => {
      const { guest, state, clock } = anEngine({ store: open(), policy: 'stay-logged-in' })
      const [one, other] = [await guest(), await guest()]
      clock.advance(30 * minute)
      assert.equal(await state(one), 'active')
      clock.advance(1)
      assert.equal(await state(other), 'idle_timeout')
      clock.advance(30 * minute - 1)
      assert.equal(await state(one), 'active', 'its own activity counts')
    })
  })

test('ROD-05 ROD-06 null disables both deadlines', async () => {
  const policy = { extends: 'rodauth', idleTimeout: null, absoluteTimeout: null } as const
  const { login, state, clock, ask } = anEngine({ policy })
  const one = await login()
  clock.advance(10_000 * day)
  assert.equal(await state(one), 'active')
  const found = await ask(one.token)
  assert.ok(found.state === 'active')
  assert.equal(found.expiresAt, null)
})

test('JAD-07 the effective length is the tighter of the application and the ceiling', async () => {
  const shorter = anEngine({ policy: { extends: 'jadu', idleTimeout: '5m' } })
  const one = await shorter.login()
  shorter.clock.advance(5 * minute + 1)
  assert.equal(await shorter.state(one), 'idle_timeout')
  assert.throws(() => anEngine({ policy: { extends: 'jadu', idleTimeout: '25m' } }), {
    message: 'policy.idleTimeout: expected at most idleTimeoutMax, 24m, got "25m"',
  })
})

test('JAD-09 two applications of one engine end their sessions apart', async () => {
  const apps = { cms: { idleTimeout: '15m' }, frontend: { idleTimeout: '20m' } } as const
  const { login, state, clock } = anEngine({ policy: { idleTimeout: '24m', apps } })
  const cms = await login('u-1', { app: 'cms' })
  const frontend = await login('u-1', { app: 'frontend' })
  clock.advance(15 * minute + 1)
  assert.equal(await state(cms), 'idle_timeout')
  assert.equal(await state(frontend), 'active')
  clock.advance(20 * minute + 1)
  assert.equal(await state(frontend), 'idle_timeout')
})

test('a session keeps what it was granted when the policy loosens, and obeys when it tightens', async () => {
  const first = anEngine({ policy: { idleTimeout: '1h' } })
  const [one, other] = [await first.login(), await first.login()]
  const { store, clock } = first
  const tighter = anEngine({ store, clock, policy: { idleTimeout: '10m' } })
  const looser = anEngine({ store, clock, policy: { idleTimeout: '9h' } })
  clock.advance(10 * minute + 1)
  assert.equal(await tighter.state(one), 'idle_timeout')
  assert.equal((await tighter.engine.get(one.session.id))?.endedAt, start + 10 * minute)
  clock.set(start + hour + 1)
  assert.equal(await looser.state(other), 'idle_timeout')
})

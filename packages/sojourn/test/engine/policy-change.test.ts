import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { day, hour, minute } from '../../src/core/duration.ts'
import { dangerouslyAllowLongForms } from '../../src/core/form.ts'
import type { PolicyInput } from '../../src/core/layers.ts'
import { newSessions, start } from '../../src/testing/fixtures.ts'
import { anEngine, stores } from './an-engine.ts'

const changes: readonly PolicyInput[] = [
  'aurora',
  // What only a restart can bring is left as it was.
  { extends: 'jadu', cookieName: 'sid', tokenCodec: 'base64url' },
  'oidc',
  'aal3',
  { idleTimeout: '15m' },
  { idleTimeout: null, absoluteTimeout: null },
  { absoluteTimeout: '3h', roles: { administrator: { idleTimeout: '5m' } } },
  { idleTimeout: '1h', methods: { passkey: { absoluteTimeout: '30m' } } },
  { fingerprint: 'ua-exact', requireInitiated: true, onFingerprintChange: 'end' },
]

for (const [name, open] of stores)
  describe(`another policy on ${name}`, () => {
    const engineOf = (policy: PolicyInput = 'stay-logged-in') => anEngine({ store: open(), policy })

    test('simulate predicts exactly what apply ends, and what it spares lives on', async () => {
      for (const change of changes) {
        const { engine, login, guest, clock, state, ended } = engineOf()
        const started = []
        for (let index = 0; index < 12; index++) {
          clock.advance(20 * minute)
          started.push(
            index % 4 === 0
              ? await guest()
              : await login(`u-${index % 3}`, {
                  method: index % 2 === 0 ? 'passkey' : 'password',
                  roles: index % 5 === 0 ? ['administrator'] : [],
                }),
          )
          for (const one of started.slice(-2)) await state(one)
        }
        const before = await Promise.all(started.map((one) => state(one, { passive: true })))
        const predicted = await engine.simulate(change)
        const twice = await engine.simulate(change)
        assert.deepEqual(twice, predicted, 'it changes nothing')
        const endedBefore = ended().length
        const applied = await engine.applyPolicy(change, { end: true })
        const ids = new Set(predicted.affected.map(({ id }) => id))
        assert.deepEqual(new Set(applied.ended.map(({ id }) => id)), ids, JSON.stringify(change))
        assert.ok(applied.ended.every(({ endReason }) => endReason === 'policy_changed'))
        assert.equal(ended().length - endedBefore, ids.size)
        for (const [index, one] of started.entries()) {
          const expected = ids.has(one.session.id) ? 'policy_changed' : before[index]
          assert.equal(await state(one, { passive: true }), expected, JSON.stringify(change))
        }
      }
    })

    test('tightened, it holds at the next activity; loosened, for new sessions', async () => {
      const { engine, login, clock, state } = engineOf({ idleTimeout: '2h', absoluteTimeout: '12h' })
      const old = await login()
      clock.advance(hour)
      await engine.applyPolicy({ idleTimeout: '30m', absoluteTimeout: '12h' })
      assert.equal(await state(old), 'idle_timeout')
      assert.equal((await engine.get(old.session.id))?.endedAt, start + 30 * minute)
      const second = await login()
      await engine.applyPolicy({ idleTimeout: '5h', absoluteTimeout: '2d' })
      const third = await login()
      clock.advance(30 * minute)
      assert.equal(await state(second), 'active')
      clock.advance(30 * minute + 1)
      assert.equal(await state(second), 'idle_timeout')
      clock.advance(3 * hour)
      assert.equal(await state(third), 'active')
      assert.equal(third.session.expiresAt, third.session.createdAt + 2 * day)
    })

    test('without being asked to, it ends nobody at once', async () => {
      const { engine, login, clock, ended } = engineOf()
      await login()
      clock.advance(hour)
      const applied = await engine.applyPolicy({ idleTimeout: '10m' })
      assert.deepEqual(applied.ended, [])
      assert.deepEqual(ended(), [])
    })

    test('a session carries the revision of its policy, which a watermark can name', async () => {
      const { engine, login, clock, state, events } = engineOf()
      const old = await login()
      clock.advance(1)
      const { revision } = await engine.applyPolicy({ idleTimeout: '1h' })
      clock.advance(1)
      const fresh = await login()
      assert.notEqual(old.session.policy, revision)
      assert.equal(fresh.session.policy, revision)
      await engine.voidBefore({ policy: old.session.policy }, 'policy_changed')
      assert.equal(await state(old), 'policy_changed')
      assert.equal(await state(fresh), 'active')
      const told = events.flatMap((event) => (event.type === 'policy.changed' ? [event] : []))
      assert.deepEqual(
        told.map((event) => [event.before, event.revision]),
        [[old.session.policy, revision]],
      )
      const again = await engine.applyPolicy('stay-logged-in')
      assert.equal(again.revision, old.session.policy, 'the same policy has the same name')
    })

    test('it goes through the live sessions page by page, and says how far it came', async () => {
      const { engine, store, clock } = engineOf()
      const fields = (index: number) => ({
        subject: index % 5 === 0 ? null : `u-${index % 700}`,
        idleTimeout: null,
        createdAt: start - index,
      })
      for (const entry of newSessions(2_500, fields)) await store.create(entry)
      const progress: number[] = []
      const found = await engine.simulate(
        { absoluteTimeout: 1_000 },
        { onProgress: (judged) => void progress.push(judged) },
      )
      assert.deepEqual(progress, [1_000, 2_000, 2_500])
      assert.equal(found.affected.length + found.spared, 2_500)
      assert.equal(found.affected.length, 1_499)
      assert.equal(found.reasons.absolute_timeout, 1_499)
      assert.equal(found.subjects, 560, 'guests are nobody')
      assert.equal(clock.now(), start)
    })
  })

test('a policy that does not read changes nothing, nor does one that only a restart can bring', async () => {
  const { engine, login, state } = anEngine({ policy: 'stay-logged-in' })
  const one = await login()
  const before = engine.policy
  for (const [policy, message] of [
    [{ idleTimeout: -1 }, /^policy\.idleTimeout: expected a duration/],
    [{ roles: { a: { limit: -1 } } }, /^policy\.roles\.a\.limit: expected/],
    [
      { tokenCodec: 'base32hex' },
      /^policy\.tokenCodec: expected base64url, as at the start, got "base32hex"/,
    ],
    [{ cookieName: 'other' }, /^policy\.cookieName: expected sid, as at the start, got "other"/],
    ['unheard-of', /^policy: expected one of/],
  ] as const) {
    await assert.rejects(engine.applyPolicy(policy as PolicyInput), { code: 'invalid_option', message })
    if (!('tokenCodec' in Object(policy) || 'cookieName' in Object(policy)))
      await assert.rejects(engine.simulate(policy as PolicyInput), { code: 'invalid_option', message })
  }
  assert.equal(engine.policy, before)
  assert.equal(await state(one), 'active')
})

test('what must fit with the rest of the configuration must fit then too', async () => {
  const { engine } = anEngine({ secret: undefined as unknown as string })
  await assert.rejects(engine.applyPolicy({ regenerateEvery: '5m' }), {
    code: 'invalid_option',
    message: /^secret: expected/,
  })
})

test('long forms are allowed where somebody said so in code, and only there', async () => {
  const policy = { formTimeout: '3h' } as const
  assert.throws(() => anEngine({ policy }), { message: /^policy\.formTimeout: expected less than/ })
  const { engine } = anEngine({ policy, [dangerouslyAllowLongForms]: true })
  assert.equal(engine.policy.formTimeout, 3 * hour)
  assert.equal((await engine.simulate({ formTimeout: '4h' })).spared, 0)
  await engine.applyPolicy({ formTimeout: '4h' })
  assert.equal(engine.policy.formTimeout, 4 * hour)
})

test('whatever the change and the moment, prediction and deed agree', async () => {
  const span = fc.constantFrom(null, '10m', '40m', '2h', '1d')
  const written = fc.record({ idleTimeout: span, absoluteTimeout: span }, { requiredKeys: [] })
  await fc.assert(
    fc.asyncProperty(
      written,
      written,
      fc.array(fc.record({ wait: fc.nat(3 * hour), guest: fc.boolean() }), { maxLength: 8 }),
      async (current, change, logins) => {
        const at = anEngine({ policy: current as PolicyInput })
        const started = []
        for (const { wait, guest } of logins) {
          started.push(guest ? await at.guest() : await at.login())
          at.clock.advance(wait)
        }
        const { affected } = await at.engine.simulate(change)
        const { ended } = await at.engine.applyPolicy(change, { end: true })
        assert.deepEqual(
          ended.map(({ id }) => id),
          affected.map(({ id }) => id),
        )
        for (const one of started) {
          const word = await at.state(one, { passive: true })
          assert.equal(
            affected.some(({ id }) => id === one.session.id),
            word === 'policy_changed',
          )
        }
      },
    ),
    { numRuns: 200 },
  )
})

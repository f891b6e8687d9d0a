import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Token } from '../../src/engine/token.ts'
import type { Verification } from '../../src/engine/verify.ts'
import { hour, minute, second } from '../../src/testing/fixtures.ts'
import { anEngine, stores } from './an-engine.ts'
import { around, distant, turn } from './around.ts'
import { memory } from '../../src/stores/memory.ts'

const policy = { idleTimeout: '1h', regenerateEvery: '5m', regenerationGrace: '20s' } as const

function newToken(found: Verification): Token {
  assert.ok(found.state === 'active')
  assert.ok(found.token !== null)
  return found.token
}

for (const [name, open] of stores)
  describe(`regeneration on ${name}`, () => {
    test('JAD-22 P-21 a due token is replaced on that request; session, id and data stay', async () => {
      const { login, ask, clock, events } = anEngine({ store: open(), policy })
      const { token, session } = await login('u-1', { data: { cart: ['a'] } })
      clock.advance(5 * minute)
      const early = await ask(token)
      assert.ok(early.state === 'active' && early.token === null)
      clock.advance(1)
      const found = await ask(token)
      const next = newToken(found)
      assert.notEqual(next.secret(), token.secret())
      assert.equal(next.id, session.id)
      clock.advance(minute)
      const after = await ask(next)
      assert.ok(after.state === 'active')
      assert.deepEqual({ ...after.data }, { cart: ['a'] })
      assert.equal(after.session.createdAt, session.createdAt)
      assert.equal(events.filter(({ type }) => type === 'session.regenerated').length, 1)
    })

    test('P-21 A-04 fifty parallel requests with the old token: none fails, exactly one new token', async () => {
      const { login, ask, clock, ended, events } = anEngine({ store: distant(open()), policy })
      const { token } = await login()
      clock.advance(6 * minute)
      await turn()
      const found = await Promise.all(
        Array.from({ length: 50 }, async (_, i) => {
          for (let turns = 0; turns < i % 7; turns++) await turn()
          return ask(token)
        }),
      )
      assert.ok(found.every(({ state }) => state === 'active'))
      const tokens = found.flatMap((one) => (one.state === 'active' && one.token !== null ? [one.token] : []))
      assert.ok(tokens.length > 1)
      assert.equal(new Set(tokens.map((one) => one.reveal())).size, 1)
      assert.equal(events.filter(({ type }) => type === 'session.regenerated').length, 1)
      assert.deepEqual(ended(), [])
    })

    test('A-04 R-18 the old token works for the grace period, which never slides, then ends the session', async () => {
      const { login, ask, clock, state, events } = anEngine({
        store: open(),
        policy: { ...policy, touchEvery: '1s' },
      })
      const { token, session } = await login()
      clock.advance(6 * minute)
      const next = newToken(await ask(token))
      clock.advance(10 * second)
      assert.equal(newToken(await ask(token)).secret(), next.secret(), 'the same successor again')
      await ask(next)
      clock.advance(10 * second)
      const underWay = await ask(token)
      assert.deepEqual(
        underWay.state === 'active' && [underWay.token, underWay.replaced],
        [null, true],
        'at 20 s it is served still, and is not given what its client has by now',
      )
      clock.advance(1)
      assert.equal(await state({ token }), 'token_reuse')
      assert.equal(await state({ token: next }), 'token_reuse', 'thief and owner are both out')
      const reused = events.find(({ type }) => type === 'token.reused')
      assert.ok(reused?.type === 'token.reused')
      assert.equal(reused.session.id, session.id)
    })

    test('P-21 R-52 a lost answer: the client that never got the successor gets the same one later', async () => {
      const { login, ask, clock, state } = anEngine({ store: open(), policy })
      const { token } = await login()
      clock.advance(6 * minute)
      const lost = newToken(await ask(token))
      clock.advance(3 * minute)
      const again = newToken(await ask(token))
      assert.equal(again.reveal(), lost.reveal())
      assert.equal(await state({ token: again }), 'active')
      clock.advance(minute)
      assert.equal(await state({ token }), 'token_reuse', 'once it was presented, the old one is a copy')
    })

    test('A-04 P-21 a successor that only passive requests present makes its predecessor a copy, and is not kept alive by them', async () => {
      const store = open()
      const { login, ask, clock, state } = anEngine({ store, policy })
      const { token, session } = await login()
      clock.advance(6 * minute)
      const next = newToken(await ask(token))
      const seenAt = clock.now()
      clock.advance(minute)
      assert.equal((await ask(next, { passive: true })).state, 'active')
      clock.advance(1)
      const found = await store.find(session.id)
      assert.deepEqual([found?.confirmed, found?.session.lastSeenAt], [true, seenAt])
      assert.equal(await state({ token }), 'token_reuse')
    })

    test('a lost answer counts as activity', async () => {
      const { login, ask, clock, state } = anEngine({ store: open(), policy })
      const { token } = await login()
      clock.advance(6 * minute)
      newToken(await ask(token))
      for (let i = 0; i < 4; i++) {
        clock.advance(30 * minute)
        assert.equal(await state({ token }), 'active')
      }
    })

    test('A-04 a token two generations back opens nothing, inside the grace period too', async () => {
      const { login, ask, clock, state } = anEngine({
        store: open(),
        policy: { ...policy, regenerateEvery: 1, regenerationGrace: '1m' },
      })
      const { token } = await login()
      clock.advance(second)
      const second1 = newToken(await ask(token))
      clock.advance(second)
      const third = newToken(await ask(second1))
      assert.equal(await state({ token }), 'unknown')
      assert.equal(await state({ token: third }), 'active')
    })

    test('a replacement that meets the end of the session hears of that', async () => {
      const inner = open()
      const store = around(inner, (verb, run) => {
        if (verb === 'regenerate')
          void inner.end({ realm: 'main', subject: 'u-1' }, { at: clock.now(), reason: 'admin_revoked' })
        return run()
      })
      const { login, clock, state } = anEngine({ store, policy })
      const one = await login()
      clock.advance(6 * minute)
      assert.equal(await state(one), 'admin_revoked')
    })
  })

test('R-15 a replacement leaves the absolute timeout where it was', async () => {
  const { login, ask, clock, engine } = anEngine({ policy: { ...policy, absoluteTimeout: '2h' } })
  const { token, session } = await login()
  let current = token
  for (let i = 0; i < 19; i++) {
    clock.advance(6 * minute)
    current = newToken(await ask(current))
  }
  assert.equal((await engine.get(session.id))?.expiresAt, session.expiresAt)
  clock.advance(6 * minute + 1)
  const found = await ask(current)
  assert.ok(found.state === 'ended')
  assert.equal(found.reason, 'absolute_timeout')
})

test('a store that says gone of a session that it shows as live is not asked for ever', async () => {
  const store = around(memory(), (verb, run) => (verb === 'regenerate' ? 'gone' : run()))
  const { login, clock, state } = anEngine({ store, policy })
  const one = await login()
  clock.advance(6 * minute)
  assert.equal(await state(one), 'active')
})

test('tokens are replaced only where a secret keeps their successors from being guessed', () => {
  const message = "secret: expected the install's secret, since policy.regenerateEvery is set, got nothing"
  const secretless = { secret: undefined } as unknown as object
  assert.throws(() => anEngine({ policy, ...secretless }), { code: 'invalid_option', message })
  const roles = { administrator: { regenerateEvery: '5m' } } as const
  assert.throws(() => anEngine({ policy: { roles }, ...secretless }), { message })
})

test('a session of a year in which every answer is delivered is never lost', async () => {
  const { login, ask, clock, ended } = anEngine({ policy: { ...policy, absoluteTimeout: null } })
  let { token } = await login()
  for (let i = 0; i < 500; i++) {
    clock.advance((i % 9) * (6 * minute))
    if (i % 50 === 0) clock.advance(hour - 50 * minute)
    const found = await ask(token)
    assert.ok(found.state === 'active')
    token = found.token ?? token
  }
  assert.deepEqual(ended(), [])
})

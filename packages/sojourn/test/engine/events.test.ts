import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SessionEvent } from '../../src/engine/events.ts'
import { OncePerSession } from '../../src/engine/once-per-session.ts'
import { day, hour, minute, second } from '../../src/core/duration.ts'
import { anEngine, browser, stores } from './an-engine.ts'
import { distant } from './around.ts'

const here = { userAgent: browser, ip: '203.0.113.7', passive: false }
const other = { userAgent: 'curl/8' }

for (const [name, open] of stores)
  describe(`events on ${name}`, () => {
    test('R-71 each session starts once and ends once, through logins, limits, restorations, races and sweeps', async () => {
      const at = anEngine({
        store: distant(open()),
        policy: { limit: 3, roles: { asked: { onExceed: 'ask-user' } } },
      })
      const { engine, login, guest, clock, events, ended } = at
      const visitors = await Promise.all(Array.from({ length: 6 }, () => guest()))
      await Promise.all(
        visitors.map(({ session }, index) => engine.upgrade(session.id, { subject: `u-${index % 2}` })),
      )
      const parents = await Promise.all(Array.from({ length: 6 }, () => login('u-1', { remember: true })))
      await Promise.all(
        parents.map(({ session }) => login('u-2', { parent: session.id }).catch(() => undefined)),
      )
      const waiting = await login('u-1', { roles: ['asked'] })
      const { items } = await engine.list({ subject: 'u-1' })
      await Promise.all(items.map(({ id }) => engine.choose(waiting.session.id, id)))
      clock.advance(2 * hour + minute)
      await Promise.all([
        engine.sweep(),
        engine.sweep('u-2'),
        ...parents.flatMap(({ refresh, token }) => [
          engine.restore(refresh?.reveal() ?? '', here).catch(() => undefined),
          at.ask(token),
        ]),
      ])
      await Promise.all([
        engine.credentialChanged('u-1', { credential: 'password', how: 'reset' }),
        engine.end({ subject: 'u-1' }, 'admin_revoked'),
        engine.applyPolicy({ idleTimeout: '1m' }, { end: true }),
      ])
      clock.advance(100 * day)
      await engine.sweep()
      const started = events.flatMap((event) => (event.type === 'session.started' ? [event.session.id] : []))
      const over = ended().map(([id]) => id)
      assert.equal(new Set(started).size, started.length, 'none starts twice')
      assert.equal(new Set(over).size, over.length, 'none ends twice')
      assert.deepEqual(new Set(over), new Set(started), 'all end')
      assert.ok(new Set(ended().map(([, reason]) => reason)).size >= 4)
    })

    test('a caution is told once for a session, however many requests see it', async () => {
      const { login, ask, events } = anEngine({
        store: open(),
        policy: { fingerprint: 'ua-exact', onFingerprintChange: 'step-up' },
      })
      const [one, two] = [await login(), await login()]
      for (let count = 0; count < 5; count++) {
        for (const { token } of [one, two]) {
          const found = await ask(token, other)
          assert.ok(found.state === 'active')
          assert.equal(found.caution, 'fingerprint_mismatch', 'but every request has it')
        }
      }
      const told = events.flatMap((event) => (event.type === 'session.cautioned' ? [event.session.id] : []))
      assert.deepEqual(told, [one.session.id, two.session.id])
    })

    test('A-28 another address is a signal and no more: told once for each, and the session lives', async () => {
      const { login, state, events, ended } = anEngine({ store: open(), policy: 'jadu' })
      const one = await login()
      const seen = ['198.51.100.1', '2001:db8::1', '198.51.100.1', '203.0.113.7', '2001:db8::1', null]
      for (const ip of seen) assert.equal(await state(one, { ip }), 'active')
      assert.deepEqual(ended(), [])
      assert.deepEqual(
        events.flatMap((event) =>
          event.type === 'session.ip_changed' ? [[event.session.ip, event.ip]] : [],
        ),
        [
          ['203.0.113.7', '198.51.100.1'],
          ['203.0.113.7', '2001:db8::1'],
        ],
      )
    })
  })

test('several listeners hear everything in their order, and one that fails keeps it from no other', async () => {
  const heard: string[] = []
  const errors: unknown[] = []
  const { login } = anEngine({
    onError: (error) => void errors.push(error),
    onEvent: [
      ({ type }) => void heard.push(`first ${type}`),
      () => {
        throw new Error('a broken one')
      },
      async () => Promise.reject(new Error('a slow one')),
      ({ type }) => void heard.push(`last ${type}`),
    ],
  })
  await login()
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(heard, ['first session.started', 'last session.started'])
  assert.deepEqual(errors.map(String), ['Error: a broken one', 'Error: a slow one'])
})

test('a list of listeners that is changed later changes nothing', async () => {
  const heard: SessionEvent[] = []
  const listeners = [(event: SessionEvent) => void heard.push(event)]
  const { login } = anEngine({ onEvent: listeners })
  listeners.pop()
  await login()
  assert.equal(heard.length, 1)
})

test('A-26 no event shows a secret, whatever happens', async () => {
  const { login, guest, engine, ask, clock, events } = anEngine({ policy: { regenerateEvery: '5m' } })
  const secrets: string[] = []
  const keep = ({ token, refresh }: { token: { secret(): string }; refresh?: unknown }) => {
    secrets.push(token.secret())
    if (refresh !== null && typeof refresh === 'object') secrets.push((refresh as typeof token).secret())
  }
  const one = await login('u-1', { remember: true })
  keep(one)
  keep(await guest())
  const up = await engine.elevate(one.session.id, { amr: ['otp'], assurance: 2 })
  assert.ok(up !== undefined)
  keep(up)
  clock.advance(6 * minute)
  const found = await ask(up.token)
  assert.ok(found.state === 'active' && found.token !== null)
  keep({ token: found.token })
  clock.advance(21 * second)
  await ask(found.token)
  await engine.flush()
  clock.advance(hour)
  await ask(up.token)
  const restored = await engine.restore(one.refresh?.reveal() ?? '', here)
  assert.equal(restored.state, 'none')
  const told = JSON.stringify(events)
  assert.ok(secrets.length >= 5)
  for (const secret of secrets) assert.ok(!told.includes(secret))
  assert.ok(events.some(({ type }) => type === 'token.reused'))
})

test('what was told is remembered for so many sessions and words, and forgotten at the end', () => {
  const told = new OncePerSession()
  assert.ok(told.isNew('a', 'x'))
  assert.ok(!told.isNew('a', 'x'))
  assert.ok(told.isNew('a', 'y'))
  told.forget('a')
  assert.ok(told.isNew('a', 'x'))
  for (let count = 1; count < 16; count++) assert.ok(told.isNew('a', `${count}`))
  assert.ok(!told.isNew('a', 'one too many'))
  for (let count = 0; count < 9_999; count++) assert.ok(told.isNew(`s-${count}`, 'x'))
  assert.ok(!told.isNew('a', 'x'))
  assert.ok(told.isNew('one more', 'x'))
  assert.ok(!told.isNew('s-0', 'x'))
  assert.ok(told.isNew('a', 'x'), 'the one that was told of longest ago')
})

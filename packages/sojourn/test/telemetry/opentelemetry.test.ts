import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MeterLike } from '../../src/telemetry/opentelemetry.ts'
import { openTelemetry } from '../../src/telemetry/opentelemetry.ts'
import { hour, minute } from '../../src/testing/fixtures.ts'
import { anEngine } from '../engine/an-engine.ts'

type Recorded = readonly [name: string, value: number, attributes: { readonly [key: string]: string }]

/** A meter that keeps what it is told. */
function recording(): { readonly meter: MeterLike; readonly recorded: Recorded[]; readonly units: string[] } {
  const recorded: Recorded[] = []
  const units: string[] = []
  const note = (name: string) => (value: number, attributes: { [key: string]: string }) =>
    void recorded.push([name, value, attributes])
  const meter: MeterLike = {
    createCounter(name, { unit }) {
      units.push(`${name} ${unit}`)
      return { add: note(name) }
    },
    createHistogram(name, { unit }) {
      units.push(`${name} ${unit}`)
      return { record: note(name) }
    },
  }
  return { meter, recorded, units }
}

test('R-71 every transition is counted by event and reason, and how long a session lived', async () => {
  const { meter, recorded, units } = recording()
  const { login, guest, engine, clock } = anEngine({
    onEvent: openTelemetry({ meter }),
    policy: { limit: 1, onExceed: 'deny' },
  })
  const one = await login()
  await guest()
  await assert.rejects(login())
  clock.advance(90 * minute)
  await engine.end({ id: one.session.id }, 'user_logout')
  clock.advance(hour)
  await engine.sweep()
  assert.deepEqual(units, ['sojourn.events {event}', 'sojourn.session.duration s'])
  assert.deepEqual(recorded, [
    ['sojourn.events', 1, { event: 'session.started' }],
    ['sojourn.events', 1, { event: 'session.started' }],
    ['sojourn.events', 1, { event: 'login.refused', reason: 'login_refused_by_limit' }],
    ['sojourn.events', 1, { event: 'session.ended', reason: 'user_logout' }],
    ['sojourn.session.duration', 5400, { reason: 'user_logout' }],
    ['sojourn.events', 1, { event: 'session.ended', reason: 'idle_timeout' }],
    ['sojourn.session.duration', 1800, { reason: 'idle_timeout' }],
  ])
})

test('A-26 no label says whose session it is, which, or from where', async () => {
  const { meter, recorded } = recording()
  const spans: unknown[] = []
  const trace = { getActiveSpan: () => ({ addEvent: (...event: unknown[]) => void spans.push(event) }) }
  const { login, engine, ask, clock } = anEngine({
    onEvent: openTelemetry({ meter, trace }),
    policy: { fingerprint: 'ua-exact', regenerateEvery: '1m' },
  })
  const { token, session } = await login('u-1', { remember: true })
  await ask(token, { ip: '198.51.100.9', userAgent: 'curl/8' })
  clock.advance(2 * minute)
  await ask(token)
  await engine.elevate(session.id, { amr: ['otp'], assurance: 2 })
  await engine.credentialChanged('u-1', { credential: 'password', how: 'reset' })
  await ask(`${token.id}.${'x'.repeat(43)}`)
  const told = JSON.stringify([recorded, spans])
  for (const known of ['u-1', session.id, token.secret(), '198.51.100.9', '203.0.113.7', 'curl', 'Mozilla'])
    assert.ok(!told.includes(known), known)
  assert.equal(spans.length, recorded.filter(([name]) => name === 'sojourn.events').length)
  assert.ok(spans.length >= 7)
})

test('what happens outside any span is counted all the same', async () => {
  const { meter, recorded } = recording()
  const { login } = anEngine({
    onEvent: openTelemetry({ meter, trace: { getActiveSpan: () => undefined } }),
  })
  await login()
  assert.equal(recorded.length, 1)
})

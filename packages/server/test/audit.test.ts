import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aServer, idOf, password } from './a-server.ts'
import { firefox, iphone } from './browser.ts'

const minute = 60_000

test('R-71 every transition is one line of the log, with public ids, who, why, from where, and the time in UTC', async (t) => {
  const policy = {
    idleTimeout: '30m',
    regenerateEvery: '5m',
    fingerprint: 'family+os',
    onFingerprintChange: 'log',
  } as const
  const server = await aServer(t, { config: { policy } })
  const ada = await server.person('ada@example.com', { roles: ['super-admin'] })
  const uma = await server.person('uma@example.com', { sessionLimit: 1 })
  await server.person('zoe@example.com', { sessionLimit: 0 })
  const admin = await server.signedIn('ada@example.com')

  const evicted = await idOf(await server.signedIn('uma@example.com'))
  server.clock.advance(1)
  const second = await server.signedIn('uma@example.com')
  const revoked = await idOf(second)
  await admin.submit(`/nova/resources/auth-sessions/${revoked}/end`)

  await server.browser().submit('/login', { email: 'uma@example.com', password: 'wrong' })
  await server.browser().submit('/login', { email: 'zoe@example.com', password })
  const name = second.cookie.split('=')[0]
  await server.browser().go('/', { cookie: `${name}=${'A'.repeat(22)}.${'A'.repeat(43)}` })

  const stolen = await server.signedIn('uma@example.com', firefox)
  const reused = await idOf(stolen)
  await stolen.go('/account/sessions', { 'user-agent': iphone })
  const copy = stolen.cookie
  server.clock.advance(5 * minute + 1)
  for (let i = 0; i < 2; i++) {
    await stolen.go('/account/sessions')
    server.clock.advance(minute)
  }
  await server.browser().go('/account/sessions', { cookie: copy })
  const left = await idOf(await server.signedIn('uma@example.com'))
  server.clock.advance(31 * minute)
  await server.sessions.sweep()

  const events = server.lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  const expected: readonly Record<string, unknown>[] = [
    { event: 'session.started', session: evicted, subject: uma.id, ip: '127.0.0.1' },
    { event: 'session.ended', session: evicted, reason: 'evicted_by_limit' },
    { event: 'session.ended', session: revoked, reason: 'admin_revoked', by: ada.id },
    { event: 'login.failed', ip: '127.0.0.1' },
    { event: 'login.refused', reason: 'login_disabled_by_limit' },
    { event: 'token.rejected', ip: '127.0.0.1', id: 'A'.repeat(22) },
    { event: 'session.cautioned', session: reused, reason: 'fingerprint_mismatch' },
    { event: 'session.regenerated', session: reused },
    { event: 'token.reused', session: reused, ip: '127.0.0.1' },
    { event: 'session.ended', session: reused, reason: 'token_reuse' },
    { event: 'session.ended', session: left, reason: 'idle_timeout' },
  ]
  for (const fields of expected) {
    const found = events.filter((event) =>
      Object.entries(fields).every(([key, value]) => event[key] === value),
    )
    assert.ok(found.length > 0, JSON.stringify(fields))
    for (const { time, at = time } of found)
      for (const moment of [time, at]) assert.match(String(moment), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  }
})

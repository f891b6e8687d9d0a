import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Session } from 'sojourn'
import { mostStreams } from '../../src/live/live-events.ts'
import { slowFor } from '../../src/live/live-stream.ts'
import { aServer, idOf, type RunningTest } from '../a-server.ts'
import { until } from '../until.ts'
import { type EventStream, openStream } from './an-event-stream.ts'

const hour = 3_600_000

async function running(t: TestContext, more: Parameters<typeof aServer>[1] = {}) {
  const server = await aServer(t, more)
  const { id } = await server.person('root@example.com', { roles: ['super-admin'] })
  await server.person('uma@example.com')
  const root = await server.signedIn('root@example.com')
  return { server, id, root }
}

/** Whatever is to close is closed once time goes on. */
async function untilClosed(server: RunningTest, isClosed: () => boolean): Promise<void> {
  await until(() => {
    server.clock.advance(0)
    return isClosed()
  })
}

test('the console is told of beginnings and ends as they happen, with public ids alone', async (t) => {
  const { server, root } = await running(t)
  const stream = await openStream(root)
  t.after(() => stream.close())
  assert.equal(stream.status, 200)
  assert.equal(stream.type, 'text/event-stream; charset=utf-8')
  const uma = await server.signedIn('uma@example.com')
  const session = await idOf(uma)
  await uma.submit('/logout')
  await until(() => stream.events.length === 2)
  assert.deepEqual(
    stream.events.map(({ event, data }) => [event, data['session'], data['reason']]),
    [
      ['session.started', session, undefined],
      ['session.ended', session, 'user_logout'],
    ],
  )
})

test('R-48 a stream closes at once when the session that opened it is revoked, and tells of nothing more', async (t) => {
  const { server, root } = await running(t)
  const stream = await openStream(root)
  const other = await server.signedIn('root@example.com')
  const kept = await openStream(other)
  t.after(() => kept.close())
  await until(() => stream.events.length === 1)
  await server.sessions.end({ id: await idOf(root) }, 'admin_revoked')
  await untilClosed(server, stream.isClosed)
  await server.signedIn('uma@example.com')
  await until(() => kept.events.length === 2)
  assert.equal(kept.isClosed(), false)
  assert.deepEqual(
    stream.events.map(({ event }) => event),
    ['session.started'],
  )
})

test('R-48 a stream closes when its session is void by a watermark, or was ended elsewhere, within a second', async (t) => {
  const { server, root } = await running(t)
  const stream = await openStream(root)
  await server.sessions.voidBefore({}, 'watermark')
  server.clock.advance(999)
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(stream.isClosed(), false)
  server.clock.advance(1)
  await until(stream.isClosed)
})

test('R-48 a stream closes within a second when its person loses the role, and hears of nothing meanwhile', async (t) => {
  const { server, id, root } = await running(t)
  const stream = await openStream(root)
  await server.person('another@example.com', { roles: ['super-admin'] })
  assert.ok(await server.accounts.setRoles(id, ['store-admin']))
  await server.signedIn('uma@example.com')
  await until(stream.isClosed)
  assert.equal(stream.events.length, 0)
  await server.accounts.setRoles(id, ['super-admin'])
  const again = await openStream(root)
  assert.equal(again.status, 200)
  await server.accounts.setRoles(id, ['user'])
  server.clock.advance(1_000)
  await until(again.isClosed)
  assert.equal((await openStream(root)).status, 403)
})

test('R-48 a stream is good up to the absolute deadline of its session, and looking is no activity', async (t) => {
  const { server, root } = await running(t, {
    config: { policy: { extends: 'stay-logged-in', absoluteTimeout: '1h', idleTimeout: null } },
  })
  const stream = await openStream(root)
  server.clock.advance(hour)
  await until(() => stream.beats() > 0)
  assert.equal(stream.isClosed(), false)
  server.clock.advance(1)
  await until(stream.isClosed)
  const idle = await running(t, {
    config: { policy: { extends: 'stay-logged-in', idleTimeout: '10m', touchEvery: '1s' } },
  })
  const watched = await openStream(idle.root)
  idle.server.clock.advance(11 * 60_000)
  await until(watched.isClosed)
})

test('a reader comes back to where it was, and is told where that is no longer known', async (t) => {
  const { server, root } = await running(t)
  const stream = await openStream(root)
  await server.signedIn('uma@example.com')
  await until(() => stream.events.length === 1)
  const last = stream.events[0]?.id ?? ''
  stream.close()
  const uma = await server.signedIn('uma@example.com')
  await uma.submit('/logout')
  const back = await openStream(root, { 'last-event-id': last })
  await until(() => back.events.length === 2)
  assert.deepEqual(
    back.events.map(({ event }) => event),
    ['session.started', 'session.ended'],
  )
  back.close()
  for (const strange of ['999999', 'x', '-1']) {
    const lost = await openStream(root, { 'last-event-id': strange })
    await until(() => lost.events.length === 1)
    assert.equal(lost.events[0]?.event, 'reset')
    lost.close()
  }
  const { events } = (await root.call('GET', `/api/v1/admin/events?after=${last}`)).json() as {
    events: unknown[]
  }
  assert.equal(events.length, 2)
})

test('one person has so many streams and no more, and a closed one makes room', async (t) => {
  const { root } = await running(t)
  const streams: EventStream[] = []
  for (let many = 0; many < mostStreams.each; many++) streams.push(await openStream(root))
  t.after(() => streams.forEach((one) => one.close()))
  assert.equal((await openStream(root)).status, 429)
  streams[0]?.close()
  await until(async () => {
    const one = await openStream(root)
    if (one.status === 200) streams.push(one)
    return one.status === 200
  })
})

test('R-48 a page of another site opens no stream', async (t) => {
  const { root } = await running(t)
  assert.equal((await openStream(root, { 'sec-fetch-site': 'cross-site' })).status, 403)
  const elsewhere = { origin: 'https://evil.example', 'sec-fetch-site': 'same-site' }
  assert.equal((await openStream(root, elsewhere)).status, 403)
})

test('a connection is kept alive by a comment every fifteen seconds, and a stop of the server closes it', async (t) => {
  const { server, root } = await running(t)
  const stream = await openStream(root)
  for (let second = 0; second < 31; second++) server.clock.advance(1_000)
  await until(() => stream.beats() >= 2)
  const begun = performance.now()
  await server.close()
  await until(stream.isClosed)
  assert.ok(performance.now() - begun < 5_000)
})

test('A-34 a reader that does not read is dropped, and holds up nobody', async (t) => {
  const { server, root } = await running(t)
  const slow = await openStream(root)
  slow.pause()
  const quick = await openStream(root)
  t.after(() => quick.close())
  // More than the sockets and what may wait take together.
  const session = { ...(await server.sessions.get(await idOf(root))), subject: 'x'.repeat(50_000) } as Session
  for (let round = 0; round < 20; round++) {
    for (let some = 0; some < 20; some++)
      server.outbox.hear({ type: 'token.reused', at: server.clock.now(), session, ip: null })
    await server.outbox.settled()
  }
  await until(() => quick.events.length === 400)
  assert.equal(server.live.open, 2)
  server.clock.advance(slowFor)
  await until(() => server.live.open === 2)
  server.clock.advance(1_000)
  await until(() => server.live.open === 1)
  slow.resume()
  await until(slow.isClosed)
  assert.equal(quick.isClosed(), false)
  assert.ok(slow.events.length < 400)
})

test('a HEAD of the stream opens none: it would stay open for nobody', async (t) => {
  const { root } = await running(t)
  const headers = { accept: 'text/event-stream' }
  for (let at = 0; at <= mostStreams.each; at++)
    assert.equal((await root.call('HEAD', '/api/v1/admin/events', undefined, headers)).status, 200)
  const stream = await openStream(root)
  t.after(() => stream.close())
  assert.equal(stream.status, 200)
})

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { sqlite } from '../../src/stores/sqlite.ts'
import { FakeClock } from '../../src/testing/clock.ts'
import { hour, minute, second, start } from '../../src/testing/fixtures.ts'
import type { Options } from './an-engine.ts'
import { anEngine } from './an-engine.ts'

async function nodes(context: TestContext, options: Options = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'sojourn-'))
  const clock = new FakeClock(start)
  const open = () => anEngine({ ...options, clock, store: sqlite(join(folder, 'sessions.db')) })
  const opened = [open(), open()] as const
  context.after(async () => {
    for (const { engine } of opened) await engine.close().catch(() => undefined)
    await rm(folder, { recursive: true })
  })
  return { nodes: opened, clock, open }
}

test('JAD-20 two nodes on one file take turns: no read and no write is lost', async (context) => {
  const { nodes: both, clock } = await nodes(context)
  const one = await both[0].login()
  for (let i = 0; i < 100; i++) {
    const node = both[i % 2 === 0 ? 0 : 1]
    clock.advance(second)
    assert.equal(await node.state(one), 'active')
    const data = await node.engine.data.write(one.session.id, { set: { [`k${i}`]: i }, add: { count: 1 } })
    assert.equal(data['count'], i + 1)
  }
  const found = await both[0].ask(one.token)
  assert.ok(found.state === 'active')
  assert.equal(Object.keys(found.data).length, 101)
})

test('JAD-19 a session survives a restart', async (context) => {
  const { nodes: both, clock, open } = await nodes(context, { policy: 'jadu' })
  const one = await both[0].login('u-1', { data: { cart: ['a'] } })
  for (const { engine } of both) await engine.close()
  clock.advance(minute)
  const again = open()
  const found = await again.ask(one.token)
  await again.engine.close()
  assert.ok(found.state === 'active')
  assert.deepEqual({ ...found.data }, { cart: ['a'] })
})

test('A-03 a logout on one node holds on the other at once', async (context) => {
  const { nodes: both } = await nodes(context)
  const one = await both[0].login()
  assert.equal(await both[1].state(one), 'active')
  await both[0].engine.end({ id: one.session.id }, 'user_logout')
  assert.equal(await both[1].state(one), 'user_logout')
  assert.equal(both[1].ended().length, 0, 'the end was told where it happened')
})

test('P-07 A-24 fifty logins on two nodes leave exactly three', async (context) => {
  const { nodes: both } = await nodes(context, { policy: { limit: 3 } })
  await Promise.all(Array.from({ length: 50 }, (_, i) => both[i % 2 === 0 ? 0 : 1].login()))
  assert.equal((await both[0].live()).length, 3)
  assert.equal(both[0].ended().length + both[1].ended().length, 47)
})

test('a token replaced on one node works on the other, and the old one in its grace period', async (context) => {
  const { nodes: both, clock } = await nodes(context, {
    policy: { regenerateEvery: '5m', idleTimeout: '1h' },
  })
  const { token } = await both[0].login()
  clock.advance(6 * minute)
  const first = await both[0].ask(token)
  assert.ok(first.state === 'active' && first.token !== null)
  const second1 = await both[1].ask(token)
  assert.ok(second1.state === 'active')
  assert.equal(second1.token?.reveal(), first.token.reveal())
  assert.equal(await both[1].state({ token: first.token }), 'active')
})

test('R-12 activity on one node counts on the other; expiry is never early, whichever is asked', async (context) => {
  const { nodes: both, clock } = await nodes(context, { policy: 'aurora' })
  const one = await both[0].login()
  clock.advance(40 * minute)
  assert.equal(await both[1].state(one), 'active')
  clock.advance(60 * minute)
  for (const node of both) assert.equal(await node.state(one, { passive: true }), 'active')
  clock.advance(1)
  for (const node of both) assert.equal(await node.state(one, { passive: true }), 'idle_timeout')
})

test('A-27 nodes whose clocks differ end a session once, and revive none', async (context) => {
  const { nodes: both, clock } = await nodes(context, { policy: 'aurora' })
  const { store } = both[0]
  const behind = anEngine({ store, policy: 'aurora', clock: new FakeClock(start - 90 * second) })
  const ahead = anEngine({ store, policy: 'aurora', clock: new FakeClock(start + 90 * second) })
  const one = await both[0].login()
  assert.equal(await behind.state(one), 'active')
  assert.equal(await ahead.state(one), 'active')
  ahead.clock.advance(hour + 90 * second)
  assert.equal(await ahead.state(one), 'idle_timeout')
  clock.advance(hour)
  assert.equal(await both[0].state(one), 'idle_timeout')
  assert.equal(await behind.state(one), 'idle_timeout')
  await behind.engine.touch(one.session.id)
  assert.equal(both[0].ended().length + ahead.ended().length + behind.ended().length, 1)
})

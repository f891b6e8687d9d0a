import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../../src/core/store.ts'
import { cached } from '../../src/stores/cached.ts'
import { memory } from '../../src/stores/memory.ts'
import { FakeClock } from '../../src/testing/clock.ts'
import { minute, second, start } from '../../src/testing/fixtures.ts'
import { anEngine, type Options } from './an-engine.ts'
import { around } from './around.ts'

/** Two engines with a cache each over one store. The caches hear of each other only by what they ask. */
function twoNodes(options: Options = {}) {
  const store = memory()
  const clock = new FakeClock(start)
  const reads = { count: 0 }
  const open = () => {
    const behind: Store = around(store, (verb, run) => {
      if (verb === 'find') reads.count++
      return verb === 'watch' ? (): void => {} : run()
    })
    return anEngine({ ...options, clock, store: cached(behind, { timing: clock, staleness: '2s' }) })
  }
  return { one: open(), two: open(), clock, reads }
}

test('P-19 a request whose session is kept costs no read, on each node', async () => {
  const { one, two, reads } = twoNodes()
  const login = await one.login()
  for (const node of [one, two]) assert.equal(await node.state(login), 'active')
  const before = reads.count
  for (const node of [one, two, one, two]) assert.equal(await node.state(login), 'active')
  assert.equal(reads.count, before)
})

test('P-19 R-20 a revocation on one node is seen on the other within the bound', async () => {
  const { one, two, clock } = twoNodes()
  const login = await one.login()
  assert.equal(await two.state(login), 'active')
  await one.engine.end({ id: login.session.id }, 'admin_revoked')
  assert.equal(await one.state(login), 'admin_revoked', 'at once where it was made')
  clock.advance(2 * second)
  assert.equal(await two.state(login), 'admin_revoked')
})

test('P-19 whoever was given a new token on another node is not turned away', async () => {
  const { one, two, clock } = twoNodes({ policy: { regenerateEvery: '5m', idleTimeout: '1h' } })
  const login = await one.login()
  clock.advance(5 * minute)
  assert.equal(await two.state(login), 'active')
  const renewed = await one.engine.elevate(login.session.id, { amr: ['otp'], assurance: 2 })
  assert.ok(renewed)
  assert.equal(await two.state(renewed), 'active', 'though its record is older')
})

test('P-19 whoever was active on another node has not timed out on this one', async () => {
  const { one, two, clock } = twoNodes({ policy: { idleTimeout: '30s', touchEvery: '0s' } })
  const login = await one.login()
  assert.equal(await two.state(login), 'active')
  for (let i = 0; i < 4; i++) {
    clock.advance(10 * second)
    assert.equal(await one.state(login), 'active')
  }
  assert.equal(await two.state(login), 'active', 'what it keeps says that nobody came for 40 seconds')
})

test('P-19 A-05 a copy of a token that was replaced is known as one on every node, however late its record', async () => {
  const { one, two, clock } = twoNodes({ policy: { regenerateEvery: '1m', regenerationGrace: '5s' } })
  const login = await one.login()
  assert.equal(await two.state(login), 'active')
  clock.advance(minute + 1)
  const next = await one.ask(login.token)
  assert.ok(next.state === 'active' && next.token !== null)
  assert.equal((await one.ask(next.token)).state, 'active')
  clock.advance(10 * second)
  assert.equal(await two.state(login), 'token_reuse')
})

test('P-19 the guard of a long request asks the store', async () => {
  const { one, two } = twoNodes()
  const login = await one.login()
  assert.equal(await two.state(login), 'active')
  await one.engine.end({ id: login.session.id }, 'admin_revoked')
  await assert.rejects(async () => two.engine.guard(login.session.id), { code: 'session_gone' })
})

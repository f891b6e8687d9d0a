import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from 'sojourn/testing/clock'
import { watchRevision } from '../src/config/watch-revision.ts'

const every = 5_000

/** A watch over a number, and what it told. */
function aWatch() {
  const clock = new FakeClock()
  const seen = { revision: 3, reads: 0, changed: [] as number[], failed: [] as unknown[] }
  let held: Promise<void> | undefined
  let failure: Error | undefined
  let refusal: Error | undefined
  const stop = watchRevision({
    async read() {
      seen.reads++
      if (failure !== undefined) throw failure
      await held
      return seen.revision
    },
    async changed(revision) {
      seen.changed.push(revision)
      if (refusal !== undefined) throw refusal
    },
    failed: (error) => void seen.failed.push(error),
    every,
    clock,
  })
  return {
    clock,
    seen,
    stop,
    hold: (until: Promise<void> | undefined) => void (held = until),
    fail: (error: Error | undefined) => void (failure = error),
    refuse: (error: Error | undefined) => void (refusal = error),
    /** Lets everything happen that waits for no clock. */
    settle: () => new Promise<void>((resolve) => setImmediate(resolve)),
  }
}

test('JAD-15 a raised revision is heard of at most the period later, once, and the first look counts', async () => {
  const { clock, seen, settle, stop } = aWatch()
  await settle()
  assert.deepEqual(seen.changed, [3])
  clock.advance(1)
  seen.revision = 4
  clock.advance(every - 2)
  await settle()
  assert.deepEqual(seen.changed, [3])
  clock.advance(1)
  await settle()
  assert.deepEqual(seen.changed, [3, 4])
  seen.revision = 6
  for (let i = 0; i < 3; i++) {
    clock.advance(every)
    await settle()
  }
  assert.deepEqual(seen.changed, [3, 4, 6])
  assert.equal(seen.reads, 5)
  await stop()
  assert.equal(clock.waiting, 0)
})

test('a look that fails is told, and the next one sees what it would have seen', async () => {
  const { clock, seen, fail, settle, stop } = aWatch()
  await settle()
  seen.revision = 4
  fail(new Error('the database is down'))
  clock.advance(every)
  await settle()
  assert.equal(seen.failed.length, 1)
  fail(undefined)
  clock.advance(every)
  await settle()
  assert.deepEqual(seen.changed, [3, 4])
  await stop()
})

test('JAD-15 a change that fails is told, and tried again at each look until it does not', async () => {
  const { clock, seen, refuse, settle, stop } = aWatch()
  await settle()
  seen.revision = 4
  refuse(new Error('the settings could not be read'))
  for (const told of [1, 2]) {
    clock.advance(every)
    await settle()
    assert.equal(seen.failed.length, told)
  }
  refuse(undefined)
  for (let i = 0; i < 2; i++) {
    clock.advance(every)
    await settle()
  }
  assert.deepEqual(seen.changed, [3, 4, 4, 4])
  await stop()
})

test('looks do not overlap, and stopping waits for the one that is under way and begins no other', async () => {
  const { clock, seen, hold, settle, stop } = aWatch()
  await settle()
  const { promise, resolve } = Promise.withResolvers<void>()
  hold(promise)
  clock.advance(every)
  for (let i = 0; i < 3; i++) {
    clock.advance(every)
    await settle()
  }
  assert.equal(seen.reads, 2)
  seen.revision = 4
  let hasStopped = false
  const stopped = stop().then(() => (hasStopped = true))
  await settle()
  assert.equal(hasStopped, false)
  resolve()
  await stopped
  assert.deepEqual(seen.changed, [3, 4])
  clock.advance(every)
  await settle()
  assert.equal(seen.reads, 2)
})

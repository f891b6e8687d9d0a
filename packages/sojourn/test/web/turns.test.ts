import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Turns } from '../../src/web/turns.ts'

test('acts run one after the other, and one that fails stops no other', async () => {
  const turns = new Turns()
  assert.equal(turns.used, false)
  const order: string[] = []
  const act = (name: string, fails = false) =>
    turns.take(async () => {
      order.push(`${name} begins`)
      await new Promise((resolve) => setImmediate(resolve))
      order.push(`${name} ends`)
      if (fails) throw new Error(name)
      return name
    })
  const acts = await Promise.allSettled([act('a'), act('b', true), act('c')])
  assert.deepEqual(
    acts.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  assert.deepEqual(order, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  assert.equal(turns.used, true)
  assert.doesNotThrow(() => turns.refuseUnheard(), 'all were heard')
})

test('P-23 of acts that failed, the first that nobody waited for is thrown, once, and Node hears of none', async (context) => {
  const unhandled: unknown[] = []
  const hear = (error: unknown): void => void unhandled.push(error)
  process.on('unhandledRejection', hear)
  context.after(() => process.off('unhandledRejection', hear))
  const turns = new Turns()
  const fail = (name: string) => turns.take(() => Promise.reject(new Error(name)))
  const later = fail('caught later')
  void fail('first')
  void fail('second')
  await fail('caught').catch(() => {})
  await new Promise((resolve) => setImmediate(resolve))
  await assert.rejects(later, { message: 'caught later' })
  assert.throws(() => turns.refuseUnheard(), { message: 'first' })
  assert.doesNotThrow(() => turns.refuseUnheard())
  await turns.take(async () => {})
  assert.deepEqual(unhandled, [])
})

test('whoever waits in any way has heard', async () => {
  const ways: ((failing: Promise<never>) => Promise<unknown>)[] = [
    async (failing) => await failing,
    async (failing) => failing,
    (failing) => failing.finally(() => {}),
    (failing) => Promise.all([failing, Promise.resolve()]),
    (failing) => Promise.race([failing, new Promise(() => {})]),
    (failing) => failing.then(() => {}),
  ]
  for (const way of ways) {
    const turns = new Turns()
    await assert.rejects(way(turns.take(() => Promise.reject<never>(new Error('heard')))))
    assert.doesNotThrow(() => turns.refuseUnheard(), String(way))
  }
})

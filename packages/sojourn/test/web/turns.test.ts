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
})

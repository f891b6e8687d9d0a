import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MomentHeap, type Timed } from '../../src/stores/moment-heap.ts'

test('a heap gives its items in order, whatever was added, moved and removed before', () => {
  const property = fc.property(fc.array(fc.tuple(fc.nat(30), fc.nat(99)), { maxLength: 200 }), (steps) => {
    const items = Array.from({ length: 31 }, (): Timed => ({ moment: 0, position: -1 }))
    const heap = new MomentHeap<Timed>()
    for (const [index, moment] of steps) {
      const item = items[index]
      if (item === undefined) continue
      if (item.position < 0) heap.add(item, moment)
      else if (moment % 3 === 0) heap.remove(item)
      else heap.move(item, moment)
    }
    const expected = items.filter(({ position }) => position >= 0).map(({ moment }) => moment)
    const given: number[] = []
    for (let first = heap.first; first !== undefined; first = heap.first) {
      given.push(first.moment)
      heap.remove(first)
    }
    assert.deepEqual(
      given,
      expected.toSorted((a, b) => a - b),
    )
  })
  fc.assert(property, { numRuns: 300, seed: 7 })
})

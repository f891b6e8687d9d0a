import assert from 'node:assert/strict'
import { minute, start } from '../fixtures.ts'
import { atOnce, type Laws, many } from './law.ts'

export const leaseLaws: Laws = {
  async 'SLI-27 lease: of many runners at once one holds it'(store) {
    const taken = await atOnce(many, (index) => store.lease('sweep', `node-${index}`, start, start + minute))
    assert.equal(taken.filter(Boolean).length, 1)
    const holder = taken.indexOf(true)
    const again = await atOnce(many, (index) => store.lease('sweep', `node-${index}`, start, start + minute))
    assert.deepEqual([again.indexOf(true), again.lastIndexOf(true)], [holder, holder])
  },

  async 'lease: it holds at its last moment, and another may take it one millisecond later'(store) {
    assert.equal(await store.lease('sweep', 'a', start, start + 10), true)
    assert.equal(await store.lease('sweep', 'b', start + 10, start + 20), false)
    assert.equal(await store.lease('sweep', 'b', start + 11, start + 20), true)
    assert.equal(await store.lease('sweep', 'a', start + 20, start + 30), false)
  },

  async 'lease: its holder prolongs it, and gives it back by a moment that has come'(store) {
    await store.lease('sweep', 'a', start, start + 10)
    assert.equal(await store.lease('sweep', 'a', start + 5, start + 50), true)
    assert.equal(await store.lease('sweep', 'b', start + 11, start + 20), false)
    assert.equal(await store.lease('sweep', 'a', start + 12, start + 12), true)
    assert.equal(await store.lease('sweep', 'b', start + 13, start + 20), true)
  },

  async 'lease: each job has its own'(store) {
    assert.equal(await store.lease('sweep', 'a', start, start + 10), true)
    assert.equal(await store.lease('Sweep', 'b', start, start + 10), true)
    assert.equal(await store.lease('__proto__', 'c', start, start + 10), true)
    assert.equal(await store.lease('__proto__', 'd', start, start + 10), false)
  },
}

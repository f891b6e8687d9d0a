import assert from 'node:assert/strict'
import type { Store } from '../../../src/core/store.ts'

/** The verbs of a store that every store has, as members of a plain object, to be replaced one by one. */
export function plain(store: Store): Store {
  const names = [
    'find',
    'create',
    'touch',
    'end',
    'write',
    'regenerate',
    'upgrade',
    'voidBefore',
    'list',
    'sweep',
    'lease',
    'restore',
  ]
  const verbs = names.map((name) => {
    const verb: unknown = Reflect.get(store, name)
    assert.ok(typeof verb === 'function')
    return [name, verb.bind(store) as unknown]
  })
  return { name: store.name, ...Object.fromEntries(verbs) } as Store
}

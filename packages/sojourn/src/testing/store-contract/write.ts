import assert from 'node:assert/strict'
import type { Data, Json } from '../../core/session.ts'
import type { Patch, Store } from '../../core/store.ts'
import { minute, newSession, start } from '../fixtures.ts'
import { atOnce, createAll, type Laws, many, standing } from './law.ts'

const at = start

/** A session with some data; returns its id. */
async function sessionWith(store: Store, data: Data = {}): Promise<string> {
  const entry = newSession({ data })
  await createAll(store, [entry])
  return entry.session.id
}

/** The data as a plain object, for comparing. */
async function dataOf(store: Store, id: string): Promise<unknown> {
  return { ...(await standing(store, id)).data }
}

export const writeLaws: Laws = {
  async 'write: sets, then deletes, then adds, key by key, and leaves the other keys alone'(store) {
    const id = await sessionWith(store, { kept: [1], gone: true, count: 1 })
    const patch: Patch = {
      set: { fresh: { a: [null] }, both: 5, dropped: 1 },
      delete: ['gone', 'absent', 'dropped'],
      add: { count: 2, both: 1, zero: 4 },
    }
    const data = { kept: [1], count: 3, fresh: { a: [null] }, both: 6, zero: 4 }
    const result = await store.write(id, patch, { at })
    assert.equal(result.status, 'written')
    assert.equal(result.revision, 1)
    assert.deepEqual({ ...result.data }, data)
    const found = await standing(store, id)
    assert.deepEqual({ ...found.data }, data)
    assert.equal(found.session.revision, 1)
  },

  async 'P-01 write: 50 interleaved writers of different keys lose nothing'(store) {
    const id = await sessionWith(store)
    await atOnce(many, async (index) => {
      await store.find(id)
      return store.write(id, { set: { [`key${index}`]: { index } } }, { at: start + index })
    })
    const { data, session } = await standing(store, id)
    for (let index = 0; index < many; index++) assert.deepEqual(data[`key${index}`], { index })
    assert.equal(session.revision, many)
  },

  async 'P-01 write: 50 adds to one counter at once sum exactly'(store) {
    const id = await sessionWith(store, { count: 100 })
    const results = await atOnce(many, () => store.write(id, { add: { count: 1 } }, { at }))
    assert.deepEqual(await dataOf(store, id), { count: 100 + many })
    const sums = results.map((result) => (result.status === 'written' ? result.data.count : null))
    assert.equal(new Set(sums).size, many, 'each writer sees its own sum')
  },

  async 'write: the revision rises by 1 with each write, and a strict write to another one is a conflict'(
    store,
  ) {
    const id = await sessionWith(store)
    const set = { a: 1 }
    assert.equal((await store.write(id, { set }, { at, ifRevision: 0 })).status, 'written')
    assert.deepEqual(await store.write(id, { set: { a: 2 } }, { at, ifRevision: 0 }), {
      status: 'conflict',
      revision: 1,
    })
    assert.deepEqual(await store.write(id, { set: { a: 2 } }, { at, ifRevision: 2 }), {
      status: 'conflict',
      revision: 1,
    })
    assert.deepEqual(await dataOf(store, id), set)
  },

  async 'write: of many strict writes to one revision at once, one is written'(store) {
    const id = await sessionWith(store)
    const results = await atOnce(many, (index) =>
      store.write(id, { set: { by: index } }, { at, ifRevision: 0 }),
    )
    const winner = results.findIndex(({ status }) => status === 'written')
    assert.equal(results.filter(({ status }) => status === 'conflict').length, many - 1)
    assert.deepEqual(await dataOf(store, id), { by: winner })
  },

  async 'P-02 write: gone where it is missing, ended, expired or void; never an insert'(store) {
    const [ended, expired, covered] = [
      newSession(),
      newSession({ idleTimeout: minute }),
      newSession({ realm: 'other' }),
    ]
    await createAll(store, [ended, expired, covered])
    const late = start + minute + 1
    await store.end({ realm: 'main', id: ended.session.id }, { at: start, reason: 'user_logout' })
    await store.voidBefore({ realm: 'other' }, { at: start, reason: 'maintenance' })
    for (const id of ['nobody', ...[ended, expired, covered].map(({ session }) => session.id)]) {
      assert.deepEqual(await store.write(id, { set: { a: 1 } }, { at: late }), { status: 'gone' })
      assert.deepEqual(await store.write(id, { set: { a: 1 } }, { at: late, ifRevision: 7 }), {
        status: 'gone',
      })
    }
    assert.equal(await store.find('nobody'), undefined)
    assert.deepEqual(await dataOf(store, ended.session.id), {})
    assert.equal(
      (await store.write(expired.session.id, {}, { at: late - 1 })).status,
      'written',
      'at its deadline',
    )
  },

  async 'P-02 write: of writes and one end at once, none is written after the end'(store) {
    const id = await sessionWith(store)
    const results = await Promise.all([
      ...Array.from({ length: many }, async () => await store.write(id, { add: { n: 1 } }, { at })),
      (async () => await store.end({ realm: 'main', id }, { at, reason: 'user_logout' }))(),
      ...Array.from({ length: many }, async () => await store.write(id, { add: { n: 1 } }, { at })),
    ])
    const written = results.filter((result) => 'status' in result && result.status === 'written').length
    const found = await standing(store, id)
    assert.equal(found.data.n ?? 0, written)
    assert.equal(found.session.endReason, 'user_logout')
  },

  async 'write: add to what is no number is refused, with the value, and writes nothing'(store) {
    const id = await sessionWith(store, { text: '1', nothing: null })
    const refused = await store.write(id, { set: { other: 1 }, add: { text: 1 } }, { at })
    assert.deepEqual(refused, { status: 'not_a_number', key: 'text', value: '1' })
    assert.deepEqual(await store.write(id, { add: { nothing: 1 } }, { at }), {
      status: 'not_a_number',
      key: 'nothing',
      value: null,
    })
    assert.deepEqual(await dataOf(store, id), { text: '1', nothing: null })
    assert.equal((await standing(store, id)).session.revision, 0)
  },

  async 'AUR-13 write: append lengthens a list, or begins one, and keeps its last items'(store) {
    const id = await sessionWith(store, { seen: [1, 2] })
    const append = async (items: readonly Json[], most: number, key = 'seen'): Promise<unknown> => {
      const result = await store.write(id, { append: { [key]: { items, most } } }, { at })
      return result.status === 'written' ? result.data[key] : result
    }
    assert.deepEqual(await append([3], 3), [1, 2, 3])
    assert.deepEqual(await append([{ page: '/' }, 5], 3), [3, { page: '/' }, 5])
    assert.deepEqual(await append([6, 7, 8, 9], 3), [7, 8, 9])
    assert.deepEqual(await append([], 2), [8, 9])
    assert.deepEqual(await append([1], 5, 'fresh'), [1])
    assert.deepEqual(await append([1], 0, 'fresh'), [])
    const patch = { set: { fresh: [0] }, append: { fresh: { items: [1], most: 9 } } }
    assert.equal((await store.write(id, patch, { at })).status, 'written')
    assert.deepEqual(await dataOf(store, id), { seen: [8, 9], fresh: [0, 1] })
  },

  async 'P-01 write: 50 appends to one list at once are all in it, and no more than it may keep'(store) {
    const id = await sessionWith(store)
    await atOnce(many, (index) =>
      store.write(
        id,
        { append: { all: { items: [index], most: many }, last: { items: [index], most: 3 } } },
        { at },
      ),
    )
    const { all, last } = (await standing(store, id)).data
    assert.ok(Array.isArray(all) && Array.isArray(last))
    assert.equal(new Set(all).size, many)
    assert.deepEqual(last, all.slice(-3))
  },

  async 'write: append to what is no list, or with no whole number to keep, is refused and writes nothing'(
    store,
  ) {
    const data = { text: 'a', nothing: null }
    const id = await sessionWith(store, data)
    for (const key of ['text', 'nothing']) {
      const patch = { set: { other: 1 }, append: { [key]: { items: [1], most: 1 } } }
      assert.deepEqual(await store.write(id, patch, { at }), { status: 'not_a_list', key })
    }
    for (const most of [-1, 1.5, NaN, Infinity]) {
      const patch = { append: { list: { items: [1], most } } }
      await assert.rejects(async () => await store.write(id, patch, { at }), { code: 'invalid_data' })
    }
    assert.deepEqual(await dataOf(store, id), data)
  },

  async 'write: numbers and texts come back as they were'(store) {
    const id = await sessionWith(store)
    const set: Data = {
      numbers: [0, -1, 0.1, 1e300, 5e-324, 2 ** 53 - 1],
      texts: ['', ' ', "'; DROP TABLE sessions; --", '\u0000', '\ud800', '😀', '\u2028'],
      'a key with "quotes" and .dots[0]$': true,
      '': 'empty',
    }
    await store.write(id, { set }, { at })
    assert.deepEqual(await dataOf(store, id), set)
  },

  async 'A-18 write: __proto__ is refused wherever it stands, and writes nothing'(store) {
    const id = await sessionWith(store)
    const patches = [
      '{"set":{"__proto__":{"polluted":1}}}',
      '{"set":{"a":{"b":[{"__proto__":{"polluted":1}}]}}}',
      '{"add":{"__proto__":1}}',
      '{"append":{"__proto__":{"items":[1],"most":1}}}',
      '{"append":{"a":{"items":[{"__proto__":{"polluted":1}}],"most":1}}}',
    ].map((text) => JSON.parse(text) as Patch)
    for (const patch of patches) {
      await assert.rejects(async () => await store.write(id, patch, { at }), {
        name: 'SessionError',
        code: 'invalid_data',
      })
    }
    assert.deepEqual(await dataOf(store, id), {})
    assert.equal(Reflect.get({}, 'polluted'), undefined)
  },

  async 'A-18 write: constructor, prototype, toString and hasOwnProperty are keys like any other'(store) {
    const id = await sessionWith(store)
    const keys = ['constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf']
    await store.write(id, { add: Object.fromEntries(keys.map((key) => [key, 2])) }, { at })
    assert.deepEqual(await dataOf(store, id), Object.fromEntries(keys.map((key) => [key, 2])))
    await store.write(id, { delete: keys }, { at })
    const { data } = await standing(store, id)
    for (const key of keys) assert.equal(data[key], undefined)
  },

  async 'A-38 write: changing what was handed in, or what was returned, changes nothing'(store) {
    const id = await sessionWith(store)
    const list = [1]
    const result = await store.write(id, { set: { list } }, { at })
    assert.equal(result.status, 'written')
    list.push(2)
    Reflect.set(result.data, 'list', 'tampered')
    Reflect.set(Object(result.data.list), 0, 'tampered')
    assert.deepEqual(await dataOf(store, id), { list: [1] })
    assert.equal(Object.getPrototypeOf(result.data), null)
  },
}

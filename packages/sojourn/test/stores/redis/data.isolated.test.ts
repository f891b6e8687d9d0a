import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { missing } from '../../../../../test/services/programs.ts'
import { startRedis } from '../../../../../test/services/redis.ts'
import type { Json } from '../../../src/core/session.ts'
import type { Patch } from '../../../src/core/store.ts'
import { memory } from '../../../src/stores/memory.ts'
import { redis } from '../../../src/stores/redis.ts'
import { newSession, start } from '../../../src/testing/fixtures.ts'
import { createAll, standing } from '../../../src/testing/store-contract/law.ts'
import { type Connected, nodeRedis } from './clients.ts'

const json = fc
  .jsonValue({ stringUnit: 'binary', maxDepth: 4 })
  .filter((value) => !JSON.stringify(value).includes('"\\\\":')) as fc.Arbitrary<Json>
/** Not a lone backslash: once V8 13.6 has parsed an object with that key, it takes others that begin with an escape for it. */
const key = fc.oneof(
  fc.constantFrom('a', 'b', '', '"', 'a\\', 'row', 'secret', '\ud800'),
  fc.string({ unit: 'binary' }),
)
/** Texts that look like the JSON around them. */
const tricky = fc.string({ unit: fc.constantFrom('"', '\\', ',', '[', ']', '{', '}', 'a') })
const item = fc.oneof(json, tricky, fc.array(tricky), fc.dictionary(fc.constantFrom('"', 'a,'), tricky))
const some = fc.constantFrom('a', 'b', '"', 'row', '')
const patch: fc.Arbitrary<Patch> = fc.record(
  {
    set: fc.dictionary(
      key,
      fc.oneof(json, fc.array(json), fc.double({ noNaN: true, noDefaultInfinity: true })),
    ),
    delete: fc.array(some, { maxLength: 2 }),
    add: fc.dictionary(some, fc.double({ noNaN: true, noDefaultInfinity: true })),
    append: fc.dictionary(some, fc.record({ items: fc.array(item), most: fc.nat({ max: 5 }) })),
  },
  { requiredKeys: [] },
)

describe('what is kept in Redis', { skip: missing('redis') }, () => {
  let server: Awaited<ReturnType<typeof startRedis>>
  let connected: Connected
  let made = 0
  before(async () => {
    server = await startRedis()
    connected = await nodeRedis(server.url)
  })
  after(async () => {
    await connected.close()
    await server.stop()
  })

  test('AUR-13 whatever JSON is written, added to and appended to comes back as it was', async () => {
    const store = redis(connected.client)
    const property = fc.asyncProperty(fc.array(patch, { minLength: 1, maxLength: 6 }), async (patches) => {
      const model = memory()
      const entry = newSession({ id: `s${++made}`, data: { a: [], b: 0 } })
      const { id } = entry.session
      for (const one of [model, store]) await createAll(one, [entry])
      for (const patch of patches) {
        if (Object.keys(patch.set ?? {}).includes('__proto__')) continue
        const [mine, its] = [
          await settled(() => store.write(id, patch, { at: start })),
          await settled(() => model.write(id, patch, { at: start })),
        ]
        assert.deepEqual(mine, its)
      }
      assert.deepEqual(await standing(store, id), await standing(model, id))
    })
    await fc.assert(property, { numRuns: 300, seed: 3 })
  })

  test('data is as deep, and as large, as it may be', async () => {
    const store = redis(connected.client)
    let deep: Json = []
    for (let depth = 0; depth < 250; depth++) deep = depth % 2 === 0 ? [deep] : { deep }
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`key ${index}`, index]))
    const entry = newSession({ data: { ...wide, deep, long: 'x'.repeat(1_000_000) } })
    await createAll(store, [entry])
    assert.deepEqual({ ...(await standing(store, entry.session.id)).data }, entry.data)
  })

  test('moments keep every digit, early and late', async () => {
    const store = redis(connected.client, { tag: 'moments' })
    // node-redis rounds what is nearer to 2 ** 53.
    const late = 2 ** 53 - 64
    const entries = [
      newSession({ id: 'early', createdAt: -5, expiresAt: late, idleTimeout: null, revision: late }),
      newSession({ id: 'zero', createdAt: 0, expiresAt: late - 1, idleTimeout: 0 }),
      newSession({ id: 'late', createdAt: late - 2, lastSeenAt: late - 1, expiresAt: late, idleTimeout: 1 }),
    ]
    await createAll(store, entries)
    for (const { session } of entries) assert.deepEqual((await standing(store, session.id)).session, session)
    await store.touch([{ id: 'late', at: late, lag: 0 }])
    assert.equal((await standing(store, 'late')).session.lastSeenAt, late)
    const { items } = await store.list({ realm: 'main', at: 0, state: 'any', limit: 10 })
    assert.deepEqual(
      items.map(({ id }) => id),
      ['late', 'zero', 'early'],
    )
  })

  test('names that look like others keep their sessions apart', async () => {
    const store = redis(connected.client, { tag: 'names' })
    const names = [
      ['a', 'b:c'],
      ['a:b', 'c'],
      ['1:a', 'b'],
      ['a', ''],
      ['{x}', '{y}'],
      ['\u0000', '\n'],
      ['ü', '😀'],
    ] as const
    await createAll(
      store,
      names.map(([realm, subject], index) => newSession({ id: `n${index}`, realm, subject })),
    )
    for (const [index, [realm, subject]] of names.entries()) {
      const { items } = await store.list({ realm, subject, at: start, state: 'any', limit: 10 })
      assert.deepEqual(
        items.map(({ id }) => id),
        [`n${index}`],
      )
    }
  })
})

async function settled(run: () => unknown): Promise<unknown> {
  try {
    return await run()
  } catch (error) {
    return String((error as { readonly code?: unknown }).code)
  }
}

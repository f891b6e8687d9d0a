import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { missing } from '../../../../../test/services/programs.ts'
import { SessionError } from '../../../src/core/errors.ts'
import { applyPatch } from '../../../src/core/patch.ts'
import type { Data, Json } from '../../../src/core/session.ts'
import type { Patch, Store, WriteResult } from '../../../src/core/store.ts'
import { mysql } from '../../../src/stores/mysql.ts'
import { newSession, start } from '../../../src/testing/fixtures.ts'
import { createAll, standing } from '../../../src/testing/store-contract/law.ts'
import { useMariadb } from './use-mariadb.ts'

const at = start

/** Texts that could end or begin something in what is stored, and any other. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '\n',
    '\t',
    '"',
    '\\',
    '\n,"a":',
    '\t1',
    '\u001e',
    '\u001f',
    '\u0000',
    '\ud800',
    'ÿ☃😀',
    "'",
    '[',
    ']',
  ),
)
/** Never a lone backslash: once an object had that key, JSON.parse of Node 24.21 takes `"\\n"` and its like for it. */
const key = fc
  .oneof({ weight: 4, arbitrary: fc.constantFrom('a', 'b', 'A', 'a ', '"a"', '', '\n,"a":') }, text)
  .filter((key) => key !== '\\')
const json = fc
  .jsonValue({ maxDepth: 4, stringUnit: 'binary' })
  .filter((value) => !JSON.stringify(value).includes('"\\\\\\\\":')) as fc.Arbitrary<Json>
const number = fc.oneof(
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.integer(),
  fc.constantFrom(0.1, 0.2, 1e308),
)
const value = fc.oneof(json, text, number, fc.array(fc.oneof(json, text), { maxLength: 4 }))
const patches: fc.Arbitrary<Patch> = fc.record(
  {
    set: fc.dictionary(key, value, { maxKeys: 4 }),
    delete: fc.array(key, { maxLength: 2 }),
    add: fc.dictionary(key, fc.oneof(number, fc.constantFrom(NaN, Infinity)), { maxKeys: 2 }),
    append: fc.dictionary(
      key,
      fc.record({
        items: fc.array(value, { maxLength: 4 }),
        most: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constantFrom(2 ** 53 - 1, -1, 1.5)),
      }),
      { maxKeys: 2 },
    ),
  },
  { requiredKeys: [] },
)

/** A list in a list, so many levels deep. */
function deep(levels: number): Json {
  return levels === 0 ? 'deep' : [deep(levels - 1)]
}

/** What is answered, or the code that it is refused with. */
async function answerOf(write: () => WriteResult | Promise<WriteResult>): Promise<unknown> {
  try {
    const result = await write()
    return 'data' in result ? { ...result, data: { ...result.data } } : result
  } catch (error) {
    if (error instanceof SessionError) return error.code
    throw error
  }
}

function expected(data: Data, revision: number, patch: Patch): WriteResult {
  const patched = applyPatch(data, patch)
  return patched.status === 'patched'
    ? { status: 'written', revision: revision + 1, data: patched.data }
    : patched
}

describe('data in MariaDB', { skip: missing('mariadb') }, () => {
  const service = useMariadb({ connectionLimit: 2 }, ['--innodb-flush-log-at-trx-commit=0'])
  const open = (): Store => mysql(service.pool)

  test('P-01 any patches of any data give what the core gives, key by key, in one step of the server', async () => {
    const store = open()
    let made = 0
    const property = fc.asyncProperty(
      fc.dictionary(key, value, { maxKeys: 5 }),
      fc.array(patches, { minLength: 1, maxLength: 5 }),
      async (data, patches) => {
        if (Object.hasOwn(data, '__proto__')) return
        const id = `data-${++made}`
        await createAll(store, [newSession({ id, data })])
        for (const patch of patches) {
          const before = await standing(store, id)
          const wanted = await answerOf(() => expected(before.data, before.session.revision, patch))
          assert.deepEqual(await answerOf(() => store.write(id, patch, { at })), wanted)
        }
      },
    )
    await fc.assert(property, { numRuns: 1000, seed: 11 })
  })

  test('what is deeper than JSON functions of the server go, and longer than a row, comes back and is patched', async () => {
    const store = open()
    const data = {
      deep: deep(200),
      long: 'ü'.repeat(500_000),
      list: Array.from({ length: 5_000 }, (_, n) => ({ n })),
    }
    await createAll(store, [newSession({ id: 'large', data })])
    const patch = { add: { count: 1 }, append: { list: { items: [deep(150)], most: 5_000 } } }
    const result = await store.write('large', patch, { at })
    const found = await standing(store, 'large')
    assert.equal(result.status, 'written')
    assert.deepEqual({ ...found.data }, { ...data, count: 1, list: [...data.list.slice(1), deep(150)] })
  })

  test('data that somebody wrote by hand, in JSON of any form, is read, patched, and marked anew', async () => {
    const store = open()
    const forms = [
      '{"a":1,"b":[1,2]}',
      '{ "a" : 1,\n"b" : [1, 2] }',
      '{\n\t"a": 1,\n\t"b": [\n\t\t1,\n\t\t2\n\t]\n}',
    ]
    for (const [index, form] of forms.entries()) {
      const id = `by-hand-${index}`
      await createAll(store, [newSession({ id })])
      await service.pool.execute('UPDATE sojourn_sessions SET data = ? WHERE id = ?', [form, id])
      const result = await store.write(id, { add: { a: 1 }, append: { b: { items: [3], most: 2 } } }, { at })
      assert.equal(result.status, 'written')
      assert.deepEqual({ ...(await standing(store, id)).data }, { a: 2, b: [2, 3] })
      assert.equal(await store.regenerate(id, `hash-of-${id}`, 'next', at), 'regenerated')
    }
  })

  test('what is stored is JSON that a person can query', async () => {
    const store = open()
    await createAll(store, [newSession({ id: 'asked', data: { cart: [{ sku: 'x' }], name: 'n' } })])
    await store.write('asked', { set: { count: 2 } }, { at })
    const [rows] = await service.pool.query(
      `SELECT JSON_VALUE(data, '$.cart[0].sku') sku, JSON_VALUE(data, '$.count') count FROM sojourn_sessions WHERE id = 'asked'`,
    )
    assert.deepEqual(rows, [{ sku: 'x', count: '2' }])
  })
})

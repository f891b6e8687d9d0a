import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import pg from 'pg'
import { startPostgres } from '../../../../../test/services/postgres.ts'
import { missing } from '../../../../../test/services/programs.ts'
import { SessionError } from '../../../src/core/errors.ts'
import { postgres, type PostgresClient } from '../../../src/stores/postgres.ts'
import { minute, newSession, start } from '../../../src/testing/fixtures.ts'
import { createAll, endOf, listIds, standing } from '../../../src/testing/store-contract/law.ts'
import { soon } from '../redis/soon.ts'
import { type Connect, pgPool, postgresClient } from './clients.ts'
import { inFreshSchema } from './schemas.ts'
import { serving } from './serving.ts'

const clients: { readonly [name: string]: Connect } = { pg: pgPool, 'postgres.js': postgresClient }
const skip = missing('postgres')

/** What a verb fails with. */
async function failureOf(run: () => unknown): Promise<SessionError> {
  try {
    await run()
  } catch (error) {
    assert.ok(error instanceof SessionError, String(error))
    return error
  }
  return assert.fail('it did not fail')
}

describe('postgres in trouble', { skip }, () => {
  const held = serving()

  for (const [name, connect] of Object.entries(clients)) {
    test(`AUR-17 over ${name} a server that is down, or stands still, is store_unavailable; it recovers by itself`, async () => {
      const own = await startPostgres()
      const { client, close } = connect(own.url)
      try {
        const store = postgres(client, { deadline: 1_000 })
        await createAll(store, [newSession({ id: 'a' })])
        await own.kill()
        // A connection may answer once more before it notices.
        const down = await soon(() => failureOf(() => store.find('a')))
        assert.equal(down.code, 'store_unavailable')
        await soon(() => own.restart())
        assert.equal((await soon(() => store.find('a')))?.session.id, 'a')
        const holder = new pg.Client(own.url)
        holder.on('error', () => undefined)
        await holder.connect()
        await holder.query('BEGIN; LOCK TABLE sojourn_sessions IN ACCESS EXCLUSIVE MODE')
        const still = await failureOf(() => store.find('a'))
        assert.equal(still.code, 'store_unavailable')
        await holder.end()
        assert.equal((await soon(() => store.find('a')))?.session.id, 'a')
      } finally {
        await close()
        await own.stop()
      }
    })
  }

  test('AUR-17 a failure tells its cause, and nothing that a statement held', async () => {
    const { store, schema } = inFreshSchema(held.pool)
    await createAll(store, [newSession({ id: 'a' })])
    await held.pool.query(`DROP TABLE "${schema}".sojourn_sessions CASCADE`)
    const failure = await failureOf(() => store.find('the-id'))
    assert.equal(failure.code, 'store_unavailable')
    assert.equal((failure.cause as { readonly code?: unknown }).code, '42P01')
    assert.doesNotMatch(failure.message, /the-id/)
  })

  test('a step that the database undid is done again, and only so often', async () => {
    let undone = 0
    const client: PostgresClient = {
      connect: () => held.pool.connect(),
      query: async (query) => {
        if (undone-- > 0) throw Object.assign(new Error('deadlock detected'), { code: '40P01' })
        return await held.pool.query(query)
      },
    }
    const store = postgres(client, { schema: 'undone' })
    await store.find('nobody')
    undone = 4
    assert.equal((await store.create(newSession({ id: 'a' }))).status, 'created')
    undone = 5
    assert.equal((await failureOf(() => store.create(newSession({ id: 'b' })))).code, 'store_unavailable')
    assert.equal(await store.find('b'), undefined)
  })

  test('P-07 at another isolation level a limit is refused, for it would not hold', async () => {
    const options = '-c default_transaction_isolation=repeatable\\ read'
    const pool = new pg.Pool({ connectionString: held.server.url, options })
    try {
      const store = postgres(pool, { schema: 'isolated' })
      await createAll(store, [newSession({ id: 'a' })])
      const limit = { most: 1, onExceed: 'evict' } as const
      const failure = await failureOf(() => store.create(newSession({ id: 'b' }), { limit }))
      assert.equal(failure.code, 'invalid_option')
      assert.match(failure.message, /read committed/)
      assert.equal(await store.find('b'), undefined)
    } finally {
      await pool.end()
    }
  })

  test('what PostgreSQL cannot hold is invalid_data, and writes nothing', async () => {
    const { store } = inFreshSchema(held.pool)
    assert.equal((await failureOf(() => store.create(newSession({ id: 'a\0' })))).code, 'invalid_data')
    assert.equal((await failureOf(() => store.create(newSession({ ip: '\0' })))).code, 'invalid_data')
    // Chance, for what repeats itself is kept short.
    const subject = randomBytes(4_000).toString('hex')
    assert.equal((await failureOf(() => store.create(newSession({ subject })))).code, 'invalid_data')
    assert.deepEqual(await listIds(store, { state: 'any' }), [])
  })

  test('options are refused with their key path', () => {
    const refused = (options: object, message: RegExp): void =>
      assert.throws(() => postgres(held.pool, options), { code: 'invalid_option', message })
    refused({ schema: 'a"b' }, /^schema: /)
    refused({ schema: 'pg_temp' }, /^schema: /)
    refused({ deadline: 0 }, /^deadline: /)
    refused({ notify: 'yes' }, /^notify: expected true or false/)
    refused({ tables: { sessions: 'x'.repeat(41) } }, /^tables\.sessions: /)
    refused({ columns: { id: 'pg_id' } }, /^columns\.id: /)
    assert.throws(() => postgres({} as PostgresClient), { code: 'invalid_option', message: /^client: / })
  })
})

const damages = [
  ['data', '{"a": 1}'],
  ['data', '{"a": "{"}'],
  ['data', '[]'],
  ['data', 'null'],
  ['data', '{"__proto__": "1"}'],
  ['data', '{"a": "{\\"\\\\u005f_proto__\\":1}"}'],
  ['roles', '{"0":"admin"}'],
  ['amr', '[1]'],
  ['factors', '["pwd"]'],
  ['factors', '[{"amr":"pwd","at":"now"}]'],
  ['factors', '{}'],
] as const

describe('a damaged row', { skip }, () => {
  const held = serving()

  for (const [column, value] of damages) {
    test(`A-18 fails closed, and can still be ended: ${column} = ${value}`, async () => {
      const { store, schema } = inFreshSchema(held.pool)
      await createAll(store, [
        newSession({ id: 'sound', data: { a: 1 } }),
        newSession({ id: 'hurt', data: { a: 1 } }),
      ])
      await held.pool.query(`UPDATE "${schema}".sojourn_sessions SET ${column} = $1 WHERE id = 'hurt'`, [
        value,
      ])
      const verbs = [
        () => store.find('hurt'),
        () => store.write('hurt', { set: { b: 2 } }, { at: start }),
        () => store.regenerate('hurt', 'hash-of-hurt', 'next', start),
      ]
      for (const verb of verbs) {
        const failure = await failureOf(verb)
        assert.equal(failure.code, 'invalid_data')
        assert.match(failure.message, /^The row of session hurt is damaged: /)
      }
      assert.deepEqual({ ...(await standing(store, 'sound')).data }, { a: 1 })
      assert.deepEqual(await listIds(store), ['hurt', 'sound'])
      await store.end({ realm: 'main', id: 'hurt' }, { at: start + minute, reason: 'admin_revoked' })
      assert.deepEqual(await endOf(store, 'hurt'), [start + minute, 'admin_revoked'])
    })
  }
})

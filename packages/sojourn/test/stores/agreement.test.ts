import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Session } from '../../src/core/session.ts'
import type { Store } from '../../src/core/store.ts'
import { memory } from '../../src/stores/memory.ts'
import { sqlite } from '../../src/stores/sqlite.ts'
import { newSession, start } from '../../src/testing/fixtures.ts'

/** Few ids, subjects and moments, so that commands meet each other. */
const id = fc.integer({ min: 0, max: 7 }).map((n) => `s${n}`)
const moment = fc.integer({ min: 0, max: 60 }).map((n) => start + n)
const subject = fc.constantFrom('u', 'v', null)
const reason = fc.constantFrom('user_logout', 'admin_revoked', 'maintenance')
const hash = fc.constantFrom('h0', 'h1', 'h2')
const key = fc.constantFrom('a', 'b')
const limit = fc.option(
  fc.record({ most: fc.integer({ min: 1, max: 3 }), onExceed: fc.constantFrom('evict', 'refuse') }),
  { nil: undefined },
)

const entry = fc
  .record({
    id,
    realm: fc.constantFrom('main', 'main', 'other'),
    subject,
    method: fc.constantFrom('password', 'saml', null),
    createdAt: moment,
    seen: fc.integer({ min: 0, max: 5 }),
    lag: fc.integer({ min: 0, max: 3 }),
    idleTimeout: fc.constantFrom(null, 10, 30),
    lives: fc.constantFrom(null, 20, 50),
    pending: fc.boolean(),
    secretHash: hash,
  })
  .map(({ seen, lives, pending, createdAt, ...fields }) => {
    const lastSeenAt = createdAt + seen
    const expiresAt = lives === null ? null : createdAt + lives
    return newSession({
      ...fields,
      createdAt,
      lastSeenAt,
      expiresAt,
      activatedAt: pending ? null : createdAt,
      family: null,
    })
  })

const scope = fc.record(
  {
    realm: fc.constant('main'),
    subject: fc.constantFrom('u', 'v'),
    method: fc.constantFrom('password', 'saml'),
  },
  { requiredKeys: ['realm'] },
)
const filter = fc.record(
  {
    realm: fc.constantFrom('main', 'other'),
    id,
    except: id,
    subject,
    method: fc.constantFrom('password', 'saml'),
    unseenSince: moment,
  },
  { requiredKeys: ['realm'] },
)
const patch = fc.record(
  {
    set: fc.dictionary(key, fc.constantFrom(1, 'text', null, ['list'])),
    delete: fc.array(key, { maxLength: 1 }),
    add: fc.dictionary(key, fc.integer({ min: -2, max: 2 })),
  },
  { requiredKeys: [] },
)

interface Command {
  readonly name: string
  run(store: Store): unknown
}

/** Undefined members are left out, as `exactOptionalPropertyTypes` wants it. */
function defined<T extends object>(options: T): { [key in keyof T]: Exclude<T[key], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [key in keyof T]: Exclude<T[key], undefined>
  }
}

const byId = (sessions: readonly Session[]): readonly Session[] =>
  sessions.toSorted((a, b) => (a.id < b.id ? -1 : 1))

const command: fc.Arbitrary<Command> = fc.oneof(
  fc
    .record({ entry, limit, replaces: fc.option(fc.record({ id, reason }), { nil: undefined }) })
    .map(({ entry, ...options }) => ({
      name: `create ${JSON.stringify({ entry, options })}`,
      run: (store: Store) => store.create(entry, defined(options)),
    })),
  fc
    .record({ id, at: moment, lag: fc.integer({ min: 0, max: 3 }), confirm: hash, from: hash, to: hash })
    .map(({ from, to, ...touch }) => ({
      name: `touch ${JSON.stringify({ touch, from, to })}`,
      run: (store: Store) => store.touch([touch, { ...touch, lag: 1, rehash: { from, to } }]),
    })),
  fc
    .record({ id, to: entry, inPlace: fc.boolean(), limit, ifRevision: fc.integer({ min: 0, max: 1 }) })
    .map(({ id, to, inPlace, ...options }) => ({
      name: `upgrade ${JSON.stringify({ id, to, inPlace, options })}`,
      run: (store: Store) => {
        return store.upgrade(id, inPlace ? { ...to, session: { ...to.session, id } } : to, defined(options))
      },
    })),
  fc.tuple(id, hash, hash, moment).map((args) => ({
    name: `regenerate ${JSON.stringify(args)}`,
    run: (store: Store) => store.regenerate(...args),
  })),
  fc
    .record({
      id,
      patch,
      at: moment,
      ifRevision: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
    })
    .map(({ id, patch, ...options }) => ({
      name: `write ${JSON.stringify({ id, patch, options })}`,
      run: (store: Store) => store.write(id, patch, defined(options)),
    })),
  fc.record({ filter, at: moment, reason }).map(({ filter, ...end }) => ({
    name: `end ${JSON.stringify({ filter, end })}`,
    run: (store: Store) => byId(store.end(filter, end) as readonly Session[]),
  })),
  fc.record({ scope, at: moment, reason }).map(({ scope, ...watermark }) => ({
    name: `voidBefore ${JSON.stringify({ scope, watermark })}`,
    run: (store: Store) => store.voidBefore(scope, watermark),
  })),
  fc
    .record({
      filter,
      at: moment,
      state: fc.constantFrom('live', 'ended', 'any'),
      limit: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ filter, ...query }) => ({
      name: `list ${JSON.stringify({ filter, query })}`,
      run: (store: Store) => store.list({ ...filter, ...query }),
    })),
  fc
    .record({ now: moment, back: fc.integer({ min: 0, max: 30 }), only: fc.boolean() })
    .map(({ now, back, only }) => ({
      name: `sweep ${JSON.stringify({ now, back, only })}`,
      run: (store: Store) => {
        const of = only ? { of: { realm: 'main', subject: 'u' } } : {}
        const result = store.sweep(now, { limit: 100, purgeBefore: now - back, ...of })
        assert.ok('ended' in result)
        return { ...result, ended: byId(result.ended) }
      },
    })),
)

test('P-06 memory and sqlite give the same answers to the same commands, whatever they are', () => {
  const property = fc.property(fc.array(command, { minLength: 10, maxLength: 60 }), (commands) => {
    const [model, store] = [memory(), sqlite(':memory:')]
    for (const [index, { name, run }] of commands.entries()) {
      assert.deepEqual(run(store), run(model), `step ${index}: ${name}`)
    }
    for (let n = 0; n < 8; n++) assert.deepEqual(store.find(`s${n}`), model.find(`s${n}`))
    void store.close?.()
  })
  fc.assert(property, { numRuns: 300, seed: 7 })
})

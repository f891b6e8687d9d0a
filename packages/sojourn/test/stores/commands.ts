import fc from 'fast-check'
import type { Session } from '../../src/core/session.ts'
import type { Found, RestoreResult, Store, SweepResult } from '../../src/core/store.ts'
import { newSession, start } from '../../src/testing/fixtures.ts'
import { answerOf, play } from './play-calls.ts'

/** Calls of a store, and how a report names them. It answers at once where the store does, else by a promise. */
export interface Command {
  readonly name: string
  run(store: Store): unknown
}

function command(verb: string, given: unknown, run: (store: Store) => unknown): Command {
  const name = `${verb} ${JSON.stringify(given)}`
  return { name, run, [fc.toStringMethod]: () => name } as Command
}

/** Few ids, subjects and moments, so that commands meet each other. */
const id = fc.integer({ min: 0, max: 7 }).map((n) => `s${n}`)
/** What such a session is restored as, and that again. */
const anyId = fc.tuple(id, fc.constantFrom('', '', '', '+', '++')).map((parts) => parts.join(''))
const moment = fc.integer({ min: 0, max: 60 }).map((n) => start + n)
const subject = fc.constantFrom('u', 'u', 'v', null)
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
    createdAt: fc.integer({ min: 0, max: 15 }).map((n) => start + n),
    seen: fc.integer({ min: 0, max: 5 }),
    lag: fc.integer({ min: 0, max: 3 }),
    idleTimeout: fc.constantFrom(null, 10, 30, 60),
    lives: fc.constantFrom(null, 50, 90),
    pending: fc.boolean(),
    secretHash: hash,
    family: fc.constantFrom('f', 'f', 'g', null),
    parent: fc.option(anyId),
    actor: fc.constantFrom(null, null, 'x'),
    remembered: fc.constantFrom(null, 5, 40, 60),
    ip: fc.constantFrom('1.2.3.4', null),
  })
  .map(({ seen, lives, pending, remembered, createdAt, ...fields }) => {
    const lastSeenAt = createdAt + seen
    const expiresAt = lives === null ? null : createdAt + lives
    return newSession({
      ...fields,
      createdAt,
      lastSeenAt,
      expiresAt,
      activatedAt: pending ? null : createdAt,
      rememberedUntil: remembered === null || fields.subject === null ? null : lastSeenAt + remembered,
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
    id: anyId,
    except: anyId,
    subject,
    method: fc.constantFrom('password', 'saml'),
    family: fc.constantFrom('f', 'g'),
    parent: anyId,
    actor: fc.constant('x'),
    unseenSince: moment,
  },
  { requiredKeys: ['realm'] },
)
const elevation = fc.record({
  assurance: fc.constantFrom(1, 2),
  amr: fc.constantFrom(['pwd'], ['pwd', 'otp']),
  authenticatedAt: moment,
  factors: fc.constantFrom([], [{ amr: 'otp', at: start }]),
  restored: fc.boolean(),
  expiresAt: fc.option(moment),
})
const patch = fc.record(
  {
    set: fc.dictionary(key, fc.constantFrom(1, 'text', null, ['list'])),
    delete: fc.array(key, { maxLength: 1 }),
    add: fc.dictionary(key, fc.integer({ min: -2, max: 2 })),
    append: fc.dictionary(
      key,
      fc.record({
        items: fc.array(fc.constantFrom(1, 'a'), { maxLength: 3 }),
        most: fc.integer({ min: 0, max: 3 }),
      }),
    ),
  },
  { requiredKeys: [] },
)

/** Undefined members are left out, as `exactOptionalPropertyTypes` wants it. */
function defined<T extends object>(options: T): { [key in keyof T]: Exclude<T[key], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [key in keyof T]: Exclude<T[key], undefined>
  }
}

const byId = (sessions: readonly Session[]): readonly Session[] =>
  sessions.toSorted((a, b) => (a.id < b.id ? -1 : 1))

/** Presents the refresh tokens of a session and of those that it is restored as, several times. */
const restore: fc.Arbitrary<Command> = fc
  .record({
    id,
    to: entry,
    steps: fc.array(
      fc.record({
        generation: fc.constantFrom('', '', '+', '++'),
        at: moment,
        confirms: fc.boolean(),
        is: fc.constantFrom('right', 'right', 'right', 'right', 'right', 'of another family', 'wrong'),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    grace: fc.integer({ min: 0, max: 20 }),
    limit: fc.option(limit, { nil: undefined, freq: 2 }),
  })
  .map(({ id, to, steps, ...options }) =>
    command('restore', { id, to, steps, options }, (store: Store) => {
      function* calls(): Generator<unknown, unknown, unknown> {
        const answers: unknown[] = []
        for (const { generation, at, confirms, is } of steps.toSorted((a, b) => a.at - b.at)) {
          const from = id + generation
          const found = (yield store.find(from)) as Found | undefined
          const before = found?.session ?? to.session
          const { realm, subject, family } = is === 'of another family' ? to.session : before
          const next = newSession({
            ...to.session,
            id: `${from}+`,
            realm,
            subject,
            family,
            createdAt: at,
            lastSeenAt: at,
            rememberedUntil: to.session.rememberedUntil && at + 30,
            secretHash: 'h0',
          })
          const hash = is === 'wrong' ? is : `refresh-of-${from}`
          const restored = { ...defined(options), at }
          const result = (yield* answerOf(() => store.restore?.(from, hash, next, restored))) as RestoreResult
          if (confirms) yield store.touch([{ id: next.session.id, at, lag: 0, confirm: 'h0' }])
          answers.push(result.status === 'reused' ? { ...result, ended: byId(result.ended) } : result)
        }
        return answers
      }
      return play(calls())
    }),
  )

const begin: fc.Arbitrary<Command> = entry.map((entry) =>
  command('begin', entry, (store: Store) => store.create(entry)),
)

const create: fc.Arbitrary<Command> = fc
  .record({ entry, limit, replaces: fc.option(fc.record({ id, reason }), { nil: undefined }) })
  .map(({ entry, ...options }) =>
    command('create', { entry, options }, (store: Store) => store.create(entry, defined(options))),
  )

const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  create,
  fc
    .record({
      id: anyId,
      at: moment,
      lag: fc.integer({ min: 0, max: 3 }),
      confirm: hash,
      from: hash,
      to: hash,
    })
    .map(({ from, to, ...touch }) =>
      command('touch', { touch, from, to }, (store: Store) =>
        store.touch([touch, { ...touch, lag: 1, rehash: { from, to } }]),
      ),
    ),
  fc
    .record({ id, to: entry, inPlace: fc.boolean(), limit, ifRevision: fc.integer({ min: 0, max: 1 }) })
    .map(({ id, to, inPlace, ...options }) =>
      command('upgrade', { id, to, inPlace, options }, (store: Store) => {
        return store.upgrade(id, inPlace ? { ...to, session: { ...to.session, id } } : to, defined(options))
      }),
    ),
  fc
    .tuple(anyId, hash, hash, moment, fc.option(elevation, { nil: undefined }))
    .map((args) => command('regenerate', args, (store: Store) => store.regenerate(...args))),
  { arbitrary: restore, weight: 4 },
  fc
    .tuple(fc.constantFrom('j', 'k'), fc.constantFrom('a', 'b'), moment, moment)
    .map((args) => command('lease', args, (store: Store) => store.lease(...args))),
  fc
    .record({
      id: anyId,
      patch,
      at: moment,
      ifRevision: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
    })
    .map(({ id, patch, ...options }) =>
      command('write', { id, patch, options }, (store: Store) => store.write(id, patch, defined(options))),
    ),
  fc.record({ filter, at: moment, reason }).map(({ filter, ...end }) =>
    command('end', { filter, end }, (store: Store) => {
      function* calls(): Generator<unknown, unknown, unknown> {
        return byId((yield store.end(filter, end)) as readonly Session[])
      }
      return play(calls())
    }),
  ),
  fc
    .record({ scope, at: fc.integer({ min: 0, max: 20 }).map((n) => start + n), reason })
    .map(({ scope, ...watermark }) =>
      command('voidBefore', { scope, watermark }, (store: Store) => store.voidBefore(scope, watermark)),
    ),
  fc
    .record({
      filter,
      at: moment,
      state: fc.constantFrom('live', 'ended', 'restorable', 'any'),
      limit: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ filter, ...query }) =>
      command('list', { filter, query }, (store: Store) => store.list({ ...filter, ...query })),
    ),
  fc
    .record({
      now: moment,
      back: fc.integer({ min: 0, max: 30 }),
      details: fc.integer({ min: 0, max: 30 }),
      only: fc.constantFrom('subject', 'realm', null),
    })
    .map(({ now, back, details, only }) =>
      command('sweep', { now, back, details, only }, (store: Store) => {
        const of =
          only === 'subject'
            ? { of: { realm: 'main', subject: 'u' } }
            : only === 'realm'
              ? { realm: 'main' }
              : {}
        const minimiseBefore = now - details
        function* calls(): Generator<unknown, unknown, unknown> {
          const options = { limit: 100, purgeBefore: now - back, minimiseBefore, ...of }
          const result = (yield store.sweep(now, options)) as SweepResult
          return { ...result, ended: byId(result.ended) }
        }
        return play(calls())
      }),
    ),
)

/** Enough logins to go on with, and then anything. */
export const commands: fc.Arbitrary<readonly Command[]> = fc
  .tuple(
    fc.array(begin, { minLength: 6, maxLength: 9 }),
    fc.array(anyCommand, { minLength: 10, maxLength: 50 }),
  )
  .map((parts) => parts.flat())

/** Every id that a command may have made. */
export const ids: readonly string[] = Array.from({ length: 8 }, (_, n) => [
  `s${n}`,
  `s${n}+`,
  `s${n}++`,
]).flat()

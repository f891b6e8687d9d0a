import { frozenFactors } from '../core/frozen.ts'
import type { Instant, Session } from '../core/session.ts'
import type {
  Changes,
  CreateOptions,
  CreateResult,
  Elevation,
  End,
  Filter,
  Found,
  ListQuery,
  NewSession,
  Page,
  Patch,
  RestoreOptions,
  RestoreResult,
  Store,
  SweepOptions,
  SweepResult,
  TouchEntry,
  UpgradeOptions,
  UpgradeResult,
  Watermark,
  WatermarkScope,
  WriteOptions,
  WriteResult,
} from '../core/store.ts'
import { pageLimit, readCursor, writeCursor } from './cursor.ts'
import { feedLimit } from './feed.ts'
import {
  readAdmission,
  readChanges,
  readFoundAnswer,
  readRestored,
  readSessions,
  readWritten,
} from './redis-answers.ts'
import type { PageAnswer, SweepAnswer } from './redis-answers.ts'
import { entryOf, filterOf, patchOf } from './redis-arguments.ts'
import { connectionOf } from './redis-client.ts'
import type { RedisClient } from './redis-client.ts'
import { readRedisOptions } from './redis-options.ts'
import type { ReadOptions, RedisOptions } from './redis-options.ts'
import { RedisSteps } from './redis-steps.ts'
import { RedisWatch } from './redis-watch.ts'
import { Watchers } from './watchers.ts'

/** How many sessions one step of a list looks at, so that a rare find among many keeps no other verb waiting. */
const looks = 1_000

/**
 * Sessions in Redis 7 or Valkey, on one server or on a cluster, over a client of node-redis or ioredis that is handed in: it
 * stays open and keeps its own settings. Each verb is one script, known by its digest, and one round trip.
 *
 * All keys of a store begin with its tag, and so share one slot (`decisions/0012`). No key expires by itself: retention is
 * the sweep's. Moments are whole milliseconds; `order` is minus `createdAt`, so that lists are newest first, then by id; a
 * realm in a key comes after its length in bytes.
 *
 *     {sojourn}:session:<id>            HASH    row        JSON: the columns of sql-row.ts, in their order, false for none
 *                                               scope      "<length>:<realm>:<subject>", as in the keys below
 *                                               seen       "<lastSeenAt> <lag>", which count: all that a touch writes
 *                                               secret, previous, confirmed, refresh (JSON: hash, until, used, successor)
 *                                               "<key>"    each key of the data, in quotes: its value as JSON
 *     {sojourn}:live:4:main             ZSET    order id   that have not ended, of the realm; with `:<subject>` of one;
 *     {sojourn}:live-guests:4:main              that are nobody's; `ended`, `ended-guests` likewise
 *     {sojourn}:family:<f> below:<id> actor:<s> ZSET order id
 *     {sojourn}:remembered:4:main       ZSET    order id   with a refresh token that can still be spent
 *     {sojourn}:due:4:main              ZSET    a moment no later than the deadline; a touch leaves it as it is
 *     {sojourn}:restorable:4:main       ZSET    of the ended: until when they can be restored
 *     {sojourn}:over:4:main             ZSET    of the other ended: since when; `detailed` those that have details
 *     {sojourn}:marks:4:main[:<subject>] HASH   m<length>:<method>p<policy> → "<at> <reason>", a watermark
 *     {sojourn}:unswept:4:main          ZSET    watermarks whose sessions are not all marked; `swept` the others
 *     {sojourn}:progress                HASH    how far a sweep of a watermark came
 *     {sojourn}:realms                  SET     every realm
 *     {sojourn}:leases                  HASH    job → "<until> <holder>"
 *     {sojourn}:changes                 STREAM  0-<number> change <JSON>; `feed-notes` what was told before which sweep
 *     {sojourn}:layout                  STRING  1
 */
export function redis(client: RedisClient, options: RedisOptions = {}): Store {
  return new RedisStore(client, readRedisOptions(options))
}

class RedisStore implements Store {
  readonly name = 'redis'
  readonly #steps: RedisSteps
  readonly #watch: RedisWatch

  constructor(client: RedisClient, options: ReadOptions) {
    const connection = connectionOf(client)
    this.#steps = new RedisSteps(connection, options)
    this.#watch = new RedisWatch(connection, `${this.#steps.prefix}changes`, new Watchers(), options.timer)
  }

  async create(to: NewSession, { limit, replaces }: CreateOptions = {}): Promise<CreateResult> {
    const { entry, texts } = entryOf(to)
    return readAdmission(
      await this.#steps.run('create', { ...entry, limit, replaces }, texts),
    ) as CreateResult
  }

  find(id: string): Promise<Found | undefined> {
    return this.#steps.find(id).then((found) => (found === null ? undefined : readFoundAnswer(found, id)))
  }

  async touch(entries: readonly TouchEntry[]): Promise<void> {
    if (entries.length > 0) await this.#steps.run('touch', { entries })
  }

  async upgrade(id: string, to: NewSession, { limit, ifRevision }: UpgradeOptions): Promise<UpgradeResult> {
    const { entry, texts } = entryOf(to)
    return readAdmission(await this.#steps.run('upgrade', { ...entry, id, limit, ifRevision }, texts))
  }

  async regenerate(
    id: string,
    from: string,
    to: string,
    at: Instant,
    elevation?: Elevation,
  ): Promise<'regenerated' | 'lost' | 'gone'> {
    const elevated = elevation === undefined ? {} : { elevation: elevationOf(elevation) }
    const answer = await this.#steps.run('regenerate', { id, from, to, at, ...elevated })
    const [status, row] = answer as readonly [string, unknown]
    if (status === 'gone') return 'gone'
    readFoundAnswer(row ?? [status], id)
    return status === 'lost' ? 'lost' : 'regenerated'
  }

  async write(id: string, patch: Patch, { at, ifRevision }: WriteOptions): Promise<WriteResult> {
    return readWritten(await this.#steps.run('write', { id, patch: patchOf(patch), at, ifRevision }), id)
  }

  async end(which: Filter, asked: End): Promise<readonly Session[]> {
    return readSessions(await this.#steps.run('end', { filter: filterOf(which), asked }))
  }

  async voidBefore(scope: WatermarkScope, watermark: Watermark): Promise<void> {
    const { realm, subject, method, policy } = scope
    const told = JSON.stringify({ kind: 'watermark', scope: { realm, subject, method, policy }, watermark })
    await this.#steps.run('voidBefore', { realm, subject, method, policy, ...watermark, told })
  }

  /** Where few of many match, it takes a step for every thousand that it looks at. */
  async list(query: ListQuery): Promise<Page> {
    const limit = pageLimit(query.limit)
    const { at, state, reason } = query
    const filter = filterOf(query)
    let place = query.cursor === undefined ? undefined : readCursor(query.cursor)
    const items: Session[] = []
    do {
      const args = { filter, at, state, reason, looks, limit: limit - items.length, place }
      const [found, last] = (await this.#steps.run('list', args)) as PageAnswer
      items.push(...readSessions(found))
      place = last === null ? undefined : { createdAt: last[0], id: last[1] }
    } while (items.length < limit && place !== undefined)
    return { items, cursor: place === undefined ? null : writeCursor(place) }
  }

  async sweep(now: Instant, options: SweepOptions): Promise<SweepResult> {
    const { limit, purgeBefore, minimiseBefore, realm, of } = options
    const args = { now, limit, purgeBefore, minimiseBefore, realm, of }
    const [ended, purged, minimised, more] = (await this.#steps.run('sweep', args)) as SweepAnswer
    return { ended: readSessions(ended), purged, minimised, more: more === 1 }
  }

  async restore(id: string, from: string, to: NewSession, options: RestoreOptions): Promise<RestoreResult> {
    const { at, grace, limit } = options
    const { entry, texts } = entryOf(to)
    const answer = await this.#steps.run('restore', { ...entry, id, from, at, grace, limit }, texts)
    return readRestored(answer, to)
  }

  async lease(job: string, holder: string, at: Instant, until: Instant): Promise<boolean> {
    return (await this.#steps.run('lease', { job, holder, at, till: until })) === 1
  }

  async changes(after: string | null, limit: number): Promise<Changes> {
    feedLimit(limit)
    const [, life, digits] = /^([\da-f]{8})-(0|[1-9]\d{0,14})$/.exec(after ?? '') ?? []
    const place = digits === undefined ? undefined : Number(digits)
    return readChanges(await this.#steps.run('changes', { fresh: after === null, life, place, limit }))
  }

  watch(grew: () => void): () => void {
    return this.#watch.add(grew)
  }

  close(): void {
    this.#watch.stop()
    this.#steps.close()
  }
}

/** The columns of what verifying a factor changes. */
function elevationOf({ assurance, amr, authenticatedAt, factors, restored, expiresAt }: Elevation): object {
  return {
    assurance,
    amr: JSON.stringify(amr),
    authenticatedAt,
    factors: JSON.stringify(frozenFactors(factors)),
    restored: restored ? 1 : 0,
    expiresAt,
  }
}

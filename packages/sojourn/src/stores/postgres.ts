import { SessionError } from '../core/errors.ts'
import { applyPatch } from '../core/patch.ts'
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
import { pageLimit, writeCursor } from './cursor.ts'
import {
  readAdmission,
  readRegenerated,
  readRestored,
  readSessions,
  readWritten,
} from './postgres-answers.ts'
import { connectionOf } from './postgres-client.ts'
import type { PostgresClient } from './postgres-client.ts'
import { PostgresFeed } from './postgres-feed.ts'
import { idsToEnd, listed } from './postgres-filter.ts'
import type { Value } from './postgres-filter.ts'
import { layout } from './postgres-layout.ts'
import { migrate } from './postgres-migrate.ts'
import { failureOf } from './postgres-errors.ts'
import { readPostgresOptions } from './postgres-options.ts'
import type { HiddenOptions, PostgresOptions, ReadOptions } from './postgres-options.ts'
import { patchOf } from './postgres-patch.ts'
import { readFoundRow, readRow, writeElevation, writeEntry } from './postgres-row.ts'
import { statementsOf } from './postgres-sql/statements.ts'
import { PostgresSteps } from './postgres-steps.ts'
import { PostgresWatch } from './postgres-watch.ts'
import { lives } from './standing.ts'
import { Watchers } from './watchers.ts'

export type { PostgresClient } from './postgres-client.ts'
export type { PostgresOptions } from './postgres-options.ts'

/**
 * Sessions in PostgreSQL 13 or later, over a `Pool` of `pg` or a client of `postgres` that is handed in: it stays open and keeps
 * its own settings. Any number of nodes may share the tables. Each verb is one statement, and so one round trip and one
 * transaction; what takes more than one statement is a function in the database.
 *
 * The tables and functions, under the names that `schema`, `tables` and `columns` choose, are those of `postgres-layout.ts`. They
 * are made and brought up to date at the first use.
 */
export function postgres(client: PostgresClient, options: PostgresOptions & HiddenOptions = {}): Store {
  return new PostgresStore(client, readPostgresOptions(options))
}

/** Makes the tables, or brings them up to date: for who does that apart, with rights that the application need not have. */
export async function migratePostgres(client: PostgresClient, options: PostgresOptions = {}): Promise<void> {
  const { names, ...rest } = readPostgresOptions(options)
  try {
    // What a migration builds may take long.
    await migrate(connectionOf(client, { ...rest, deadline: 2 ** 31 - 1 }), names, layout)
  } catch (error) {
    throw failureOf(error)
  }
}

class PostgresStore implements Store {
  readonly name = 'postgres'
  readonly #options: ReadOptions
  readonly #steps: PostgresSteps
  readonly #feed: PostgresFeed
  readonly #watch: PostgresWatch
  readonly #sql: ReturnType<typeof statementsOf>

  constructor(client: PostgresClient, options: ReadOptions) {
    const { names, timer } = options
    const connection = connectionOf(client, options)
    this.#options = options
    this.#steps = new PostgresSteps(connection, options)
    this.#feed = new PostgresFeed(this.#steps.run, names)
    this.#watch = new PostgresWatch(connection, names.channel, new Watchers(), timer)
    this.#sql = statementsOf(names)
  }

  create(entry: NewSession, { limit, replaces }: CreateOptions = {}): Promise<CreateResult> {
    return this.#admit(entry, [null, null, limit, replaces]) as Promise<CreateResult>
  }

  async find(id: string): Promise<Found | undefined> {
    if (id.includes('\0')) return undefined
    const [row] = await this.#steps.run(this.#sql.find, [id])
    return row === undefined ? undefined : readFoundRow(row)
  }

  async touch(entries: readonly TouchEntry[]): Promise<void> {
    if (entries.length === 0) return
    const rounds = new Map<string, number>()
    const touches = entries.map(({ id, at, lag, confirm, rehash }) => {
      const round = (rounds.get(id) ?? 0) + 1
      rounds.set(id, round)
      return { id, at, lag, confirm, old: rehash?.from, new: rehash?.to, round }
    })
    await this.#run(
      this.#sql.touch,
      JSON.stringify(touches),
      Math.max(...rounds.values()),
      this.#options.notify,
    )
  }

  upgrade(id: string, to: NewSession, { limit, ifRevision }: UpgradeOptions): Promise<UpgradeResult> {
    return this.#admit(to, [id, ifRevision, limit, undefined])
  }

  async regenerate(
    id: string,
    from: string,
    to: string,
    at: Instant,
    elevation?: Elevation,
  ): Promise<'regenerated' | 'lost' | 'gone'> {
    const elevated = elevation === undefined ? null : writeElevation(elevation, this.#options.names)
    const [row = []] = await this.#run(this.#sql.regenerate, id, from, to, at, elevated, this.#options.notify)
    return readRegenerated(row) ?? (await this.#sayDamaged(id))
  }

  async write(id: string, patch: Patch, { at, ifRevision }: WriteOptions): Promise<WriteResult> {
    const given = patchOrNothing(patch)
    if (given === undefined) return await this.#refuse(id, patch, at, ifRevision)
    const [row = []] = await this.#run(
      this.#sql.write,
      id,
      at,
      ifRevision ?? null,
      ...given,
      this.#options.notify,
    )
    return readWritten(row) ?? (await this.#sayDamaged(id))
  }

  async end(which: Filter, end: End): Promise<readonly Session[]> {
    const values: Value[] = []
    const ids = idsToEnd(which, values, this.#sql.fragments)
    const { at, reason, by = null } = end
    const text = this.#sql.end(ids, values.length)
    return readSessions(
      await this.#run(text, ...values, JSON.stringify(which), at, reason, by, this.#options.notify),
    )
  }

  async voidBefore(scope: WatermarkScope, { at, reason }: Watermark): Promise<void> {
    const { realm, subject = null, method = null, policy = null } = scope
    const members = [realm, subject, method, policy]
    const change = JSON.stringify({ kind: 'watermark', scope, watermark: { at, reason } })
    await this.#run(
      this.#sql.raise,
      JSON.stringify(members),
      ...members,
      at,
      reason,
      change,
      this.#options.notify,
    )
  }

  async list(query: ListQuery): Promise<Page> {
    const limit = pageLimit(query.limit)
    const values: Value[] = []
    const text = listed(query, values, this.#sql.fragments)
    const found = (await this.#run(text, ...values)).map(readRow)
    const items = found.slice(0, limit)
    const last = items.at(-1)
    return { items, cursor: found.length > limit && last !== undefined ? writeCursor(last) : null }
  }

  async sweep(
    now: Instant,
    { limit, purgeBefore, minimiseBefore, realm, of }: SweepOptions,
  ): Promise<SweepResult> {
    const whose = [of?.realm ?? realm ?? null, of?.subject ?? null]
    const values = [now, limit, purgeBefore, minimiseBefore ?? null, ...whose, this.#options.notify]
    const rows = await this.#run(this.#sql.sweep, ...values)
    const [purged, minimised, more] = rows.at(-1) ?? []
    return {
      ended: readSessions(rows.map((row) => row.slice(3))),
      purged: Number(purged),
      minimised: Number(minimised),
      more: more === true,
    }
  }

  async restore(
    id: string,
    from: string,
    to: NewSession,
    { at, grace, limit }: RestoreOptions,
  ): Promise<RestoreResult> {
    const entry = writeEntry(to, false, this.#options.names)
    const limits = [limit?.most ?? null, limit?.onExceed === 'evict', this.#options.notify]
    return readRestored(await this.#run(this.#sql.restore, id, from, entry, at, grace, ...limits), to)
  }

  async lease(job: string, holder: string, at: Instant, until: Instant): Promise<boolean> {
    return (await this.#run(this.#sql.lease, job, holder, at, until)).length === 1
  }

  async changes(after: string | null, limit: number): Promise<Changes> {
    return await this.#feed.after(after, limit)
  }

  watch(grew: () => void): () => void {
    return this.#watch.add(grew)
  }

  close(): void {
    this.#watch.stop()
  }

  async #admit(
    entry: NewSession,
    [guest, revision, limit, replaces]: readonly [
      guest: string | null,
      revision: number | null,
      limit: CreateOptions['limit'],
      replaces: CreateOptions['replaces'],
    ],
  ): Promise<UpgradeResult> {
    const { names, notify } = this.#options
    const limits = [limit?.most ?? null, limit?.onExceed === 'evict']
    const ends = [replaces?.id ?? null, replaces?.reason ?? null]
    const values = [writeEntry(entry, true, names), guest, revision, ...limits, ...ends, notify]
    return readAdmission(await this.#run(this.#sql.admit, ...values))
  }

  /** What becomes of a patch that could never be written depends on what stands there. */
  async #refuse(id: string, patch: Patch, at: Instant, ifRevision: number | undefined): Promise<WriteResult> {
    const found = await this.find(id)
    if (found === undefined || !lives(found, at)) return { status: 'gone' }
    const { revision } = found.session
    if (ifRevision !== undefined && ifRevision !== revision) return { status: 'conflict', revision }
    const patched = applyPatch(found.data, patch)
    if (patched.status !== 'patched') return patched
    throw new SessionError('invalid_data', 'The patch cannot be written')
  }

  /** A record that a function found to be damaged: reading it says what is. */
  async #sayDamaged(id: string): Promise<never> {
    await this.find(id)
    throw new SessionError(
      'invalid_data',
      `The row of session ${id} is damaged. End the session, or restore the row`,
    )
  }

  #run(text: string, ...values: readonly Value[]) {
    return this.#steps.run(text, values)
  }
}

function patchOrNothing(patch: Patch): ReturnType<typeof patchOf> | undefined {
  try {
    return patchOf(patch)
  } catch (error) {
    if (error instanceof SessionError) return undefined
    throw error
  }
}

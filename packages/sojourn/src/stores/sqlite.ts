import type { DatabaseSync } from 'node:sqlite'
import { invalidOption } from '../core/errors.ts'
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
import { createIn, upgradeIn } from './admit.ts'
import { pageLimit, writeCursor } from './cursor.ts'
import { endTrees } from './end-trees.ts'
import { restoreIn } from './restore.ts'
import { openFile, SqliteConnection, unavailable } from './sqlite-connection.ts'
import { whereListed, whereRestorable, whereStanding } from './sqlite-filter.ts'
import { migrate } from './sqlite-layout.ts'
import { readNames } from './sqlite-names.ts'
import type { Names, SqliteNames } from './sqlite-names.ts'
import { SqliteSweep } from './sqlite-sweep.ts'
import { SqliteTable } from './sqlite-table.ts'
import { SqliteWatch } from './sqlite-watch.ts'
import { sweepIn } from './sweep.ts'
import { lives } from './standing.ts'
import { systemTimer } from './timer.ts'
import type { Timer } from './timer.ts'

export interface SqliteOptions extends SqliteNames {
  /** No answered write is lost even when the machine loses its power, at a fifth of the speed. Otherwise the last ones may be. */
  readonly durable?: boolean
  /** With what `watch` waits before it looks again for what other processes wrote. A test hands in its own. */
  readonly timer?: Timer
}

/**
 * Sessions in a file of SQLite, or in `:memory:`, or over a connection that is handed in: it stays open and keeps its own
 * settings. Any number of processes of one machine may share the file. It answers at once.
 *
 * The tables, under the names that `tables` and `columns` choose, are those of `sqlite-layout.ts`. They are created and
 * brought up to date here; a file of a later release is refused.
 */
export function sqlite(at: string | DatabaseSync, options: SqliteOptions = {}): Store {
  const { durable = false, timer = systemTimer } = options
  const names = readNames(options)
  if (typeof at === 'string') {
    if (at === '') throw invalidOption('at', "the path of a file, or ':memory:'", at)
    return new SqliteStore(openFile(at, durable), names, { owned: true, timer })
  }
  if (durable)
    throw invalidOption(
      'durable',
      'false for a connection of your own: set PRAGMA synchronous on it',
      durable,
    )
  return new SqliteStore(at, names, { owned: false, timer })
}

class SqliteStore implements Store {
  readonly name = 'sqlite'
  readonly #connection: SqliteConnection
  readonly #names: Names
  readonly #table: SqliteTable
  readonly #sweep: SqliteSweep
  readonly #watch: SqliteWatch
  readonly #owned: boolean

  constructor(db: DatabaseSync, names: Names, { owned, timer }: { owned: boolean; timer: Timer }) {
    this.#connection = new SqliteConnection(db)
    this.#names = names
    this.#owned = owned
    try {
      this.#connection.step(() => migrate(db, names))
      this.#table = new SqliteTable(this.#connection, names)
      this.#sweep = new SqliteSweep(this.#connection, this.#table, names)
      this.#watch = new SqliteWatch(this.#connection, this.#table.feed.watchers, timer)
    } catch (error) {
      if (owned) db.close()
      throw unavailable(error)
    }
  }

  create(entry: NewSession, options?: CreateOptions): CreateResult {
    return this.#connection.step(() => createIn(this.#table, entry, options))
  }

  find(id: string): Found | undefined {
    try {
      return this.#table.found(id)
    } catch (error) {
      throw unavailable(error)
    }
  }

  touch(entries: readonly TouchEntry[]): void {
    if (entries.length === 0) return
    this.#connection.step(() => {
      for (const entry of entries) this.#table.touch(entry)
    })
  }

  upgrade(id: string, to: NewSession, options: UpgradeOptions): UpgradeResult {
    return this.#connection.step(() => upgradeIn(this.#table, id, to, options))
  }

  regenerate(
    id: string,
    from: string,
    to: string,
    at: Instant,
    elevation?: Elevation,
  ): 'regenerated' | 'lost' | 'gone' {
    return this.#connection.step(() => {
      const found = this.#table.found(id)
      if (found === undefined || !lives(found, at)) return 'gone'
      if (found.secretHash !== from) return 'lost'
      this.#table.regenerate(id, to, at)
      if (elevation !== undefined) this.#table.elevate(found.session, elevation)
      return 'regenerated'
    })
  }

  write(id: string, patch: Patch, { at, ifRevision }: WriteOptions): WriteResult {
    return this.#connection.step(() => {
      const found = this.#table.found(id)
      if (found === undefined || !lives(found, at)) return { status: 'gone' }
      const { revision } = found.session
      if (ifRevision !== undefined && ifRevision !== revision) return { status: 'conflict', revision }
      const patched = applyPatch(found.data, patch)
      if (patched.status !== 'patched') return patched
      this.#table.write(id, revision + 1, patched.data)
      return { status: 'written', revision: revision + 1, data: patched.data }
    })
  }

  end(which: Filter, end: End): readonly Session[] {
    return this.#connection.step(() => {
      const clauses = [whereStanding(which, this.#names), whereRestorable(which, this.#names)]
      const these = clauses.flatMap(({ sql, values }) => this.#table.select(sql, ...values))
      return endTrees(
        this.#table,
        these.map((standing) => ({ standing, end })),
      )
    })
  }

  voidBefore(scope: WatermarkScope, watermark: Watermark): void {
    this.#connection.step(() => this.#table.raise(scope, watermark))
  }

  list(query: ListQuery): Page {
    const limit = pageLimit(query.limit)
    const { sql, values } = whereListed(query, this.#names)
    try {
      const found = this.#table.select(sql, ...values).map(({ session }) => session)
      const items = found.slice(0, limit)
      const last = items.at(-1)
      return { items, cursor: found.length > limit && last !== undefined ? writeCursor(last) : null }
    } catch (error) {
      throw unavailable(error)
    }
  }

  sweep(now: Instant, options: SweepOptions): SweepResult {
    return this.#connection.step(() => {
      if (options.of === undefined) this.#table.feed.prune(now)
      return sweepIn(this.#sweep, now, options)
    })
  }

  restore(id: string, from: string, to: NewSession, options: RestoreOptions): RestoreResult {
    return this.#connection.step(() => restoreIn(this.#table, id, from, to, options))
  }

  lease(job: string, holder: string, at: Instant, until: Instant): boolean {
    return this.#connection.step(() => this.#table.lease(job, holder, at, until))
  }

  changes(after: string | null, limit: number): Changes {
    try {
      return this.#table.feed.after(after, limit)
    } catch (error) {
      throw unavailable(error)
    }
  }

  watch(grew: () => void): () => void {
    return this.#watch.add(grew)
  }

  close(): void {
    this.#watch.stop()
    if (this.#owned && this.#connection.db.isOpen) this.#connection.db.close()
  }
}

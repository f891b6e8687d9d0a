import { frozenFactors } from '../core/frozen.ts'
import { applyPatch } from '../core/patch.ts'
import { isLive, isRestorable } from '../core/session.ts'
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
import { pageLimit, readCursor, writeCursor } from './cursor.ts'
import { endTrees } from './end-trees.ts'
import { matches } from './matches.ts'
import { MemorySweep } from './memory-sweep.ts'
import type { MemoryTable } from './memory-table.ts'
import { restoreIn } from './restore.ts'
import { sweepIn } from './sweep.ts'
import { lives } from './standing.ts'

/** Every verb over a table in memory. It answers at once, in one step. */
export class MemoryStore implements Store {
  readonly name = 'memory'
  readonly #table: MemoryTable
  readonly #sweep: MemorySweep
  readonly #leases = new Map<string, { readonly holder: string; readonly until: Instant }>()

  constructor(table: MemoryTable, sweep: MemorySweep = new MemorySweep(table)) {
    this.#table = table
    this.#sweep = sweep
  }

  create(entry: NewSession, options?: CreateOptions): CreateResult {
    return createIn(this.#table, entry, options)
  }

  find(id: string): Found | undefined {
    return this.#table.found(id)
  }

  touch(entries: readonly TouchEntry[]): void {
    for (const { id, at, lag, confirm, rehash } of entries) {
      const found = this.#live(id, at)
      if (found === undefined) continue
      const { session, secretHash } = found
      const seen = at > session.lastSeenAt || (at === session.lastSeenAt && lag < session.lag)
      const touched = {
        ...found,
        session: seen ? Object.freeze({ ...session, lastSeenAt: at, lag }) : session,
        secretHash: rehash?.from === secretHash ? rehash.to : secretHash,
        confirmed: found.confirmed || confirm === secretHash,
      }
      const isOnlyUse = touched.secretHash === secretHash && touched.confirmed === found.confirmed
      this.#table.replace(touched, isOnlyUse ? 'touched' : undefined)
    }
  }

  upgrade(id: string, to: NewSession, options: UpgradeOptions): UpgradeResult {
    return upgradeIn(this.#table, id, to, options)
  }

  regenerate(
    id: string,
    from: string,
    to: string,
    at: Instant,
    elevation?: Elevation,
  ): 'regenerated' | 'lost' | 'gone' {
    const found = this.#live(id, at)
    if (found === undefined) return 'gone'
    if (found.secretHash !== from) return 'lost'
    const session = Object.freeze({
      ...found.session,
      ...(elevation === undefined ? {} : frozenElevation(elevation)),
      regeneratedAt: at,
    })
    this.#table.replace({ ...found, session, secretHash: to, previousHash: from, confirmed: false })
    return 'regenerated'
  }

  write(id: string, patch: Patch, { at, ifRevision }: WriteOptions): WriteResult {
    const found = this.#live(id, at)
    if (found === undefined) return { status: 'gone' }
    const { revision } = found.session
    if (ifRevision !== undefined && ifRevision !== revision) return { status: 'conflict', revision }
    const patched = applyPatch(found.data, patch)
    if (patched.status !== 'patched') return patched
    const { data } = patched
    this.#table.replace({
      ...found,
      session: Object.freeze({ ...found.session, revision: revision + 1 }),
      data,
    })
    return { status: 'written', revision: revision + 1, data }
  }

  end(which: Filter, end: End): readonly Session[] {
    const endings = this.#matching(which).map((standing) => ({ standing, end }))
    return endTrees(this.#table, endings)
  }

  voidBefore(scope: WatermarkScope, watermark: Watermark): void {
    this.#table.watermarks.raise(scope, watermark)
  }

  list(query: ListQuery): Page {
    const limit = pageLimit(query.limit)
    const place = query.cursor === undefined ? undefined : readCursor(query.cursor)
    const items: Session[] = []
    for (const { found } of this.#table.candidates(query, place)) {
      const { session } = found
      if (!matches(session, query) || !this.#inState(session, query)) continue
      const last = items.at(-1)
      if (items.length === limit && last !== undefined) return { items, cursor: writeCursor(last) }
      items.push(session)
    }
    return { items, cursor: null }
  }

  sweep(now: Instant, options: SweepOptions): SweepResult {
    return sweepIn(this.#sweep, now, options)
  }

  restore(id: string, from: string, to: NewSession, options: RestoreOptions): RestoreResult {
    return restoreIn(this.#table, id, from, to, options)
  }

  lease(job: string, holder: string, at: Instant, until: Instant): boolean {
    const lease = this.#leases.get(job)
    if (lease !== undefined && lease.holder !== holder && at <= lease.until) return false
    this.#leases.set(job, { holder, until })
    return true
  }

  changes(after: string | null, limit: number): Changes {
    return this.#table.feed.after(after, limit)
  }

  watch(grew: () => void): () => void {
    return this.#table.feed.watchers.add(grew)
  }

  #live(id: string, at: Instant): Found | undefined {
    const found = this.#table.found(id)
    return found !== undefined && lives(found, at) ? found : undefined
  }

  #inState(session: Session, { at, state, reason }: ListQuery): boolean {
    if (reason !== undefined && session.endReason !== reason) return false
    if (state === 'ended') return session.endedAt !== null
    if (state === 'any') return true
    const within = state === 'live' ? isLive(session, at) : isRestorable(session, at)
    return within && this.#table.found(session.id)?.watermark === null
  }

  #matching(filter: Filter): Found[] {
    return Array.from(this.#table.candidates(filter))
      .filter(({ found }) => matches(found.session, filter))
      .flatMap(({ found }) => this.#table.found(found.session.id) ?? [])
  }
}

function frozenElevation(elevation: Elevation): Elevation {
  const { assurance, amr, authenticatedAt, factors, restored, expiresAt } = elevation
  return {
    assurance,
    amr: Object.freeze([...amr]),
    authenticatedAt,
    factors: frozenFactors(factors),
    restored,
    expiresAt,
  }
}

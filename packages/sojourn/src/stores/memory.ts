import { invalidOption } from '../core/errors.ts'
import { frozenData, frozenSession } from '../core/frozen.ts'
import { applyPatch } from '../core/patch.ts'
import { isLive } from '../core/session.ts'
import type { Instant, Session } from '../core/session.ts'
import type { CreateOptions, CreateResult, End, Found, NewSession, Store } from '../core/store.ts'
import type { Filter, ListQuery, Page, Patch, SweepOptions, SweepResult, TouchEntry } from '../core/store.ts'
import type {
  UpgradeOptions,
  UpgradeResult,
  Watermark,
  WatermarkScope,
  WriteOptions,
  WriteResult,
} from '../core/store.ts'
import { createIn, lives, upgradeIn } from './admit.ts'
import type { AdmittingTable } from './admit.ts'
import { pageLimit, readCursor, writeCursor } from './cursor.ts'
import { matches } from './matches.ts'
import { makeRoom } from './memory-room.ts'
import { sweepTable } from './memory-sweep.ts'
import { MemoryTable } from './memory-table.ts'

export interface MemoryOptions {
  /** The most sessions that it holds, ended ones too. At the limit the ended go first, then the expired, then guests. */
  readonly maxSessions?: number
}

/**
 * Sessions in the memory of this process, gone when it ends: for tests, for trials, for one process that may forget. It
 * answers at once, and is the model that every other store must agree with.
 */
export function memory(options: MemoryOptions = {}): Store {
  const { maxSessions = 100_000 } = options
  if (!Number.isInteger(maxSessions) || maxSessions < 1) {
    throw invalidOption('maxSessions', 'a whole number of sessions, at least 1', maxSessions)
  }
  return new MemoryStore(maxSessions)
}

class MemoryStore implements Store {
  readonly name = 'memory'
  readonly #table = new MemoryTable()
  readonly #admitting: AdmittingTable

  constructor(maxSessions: number) {
    const table = this.#table
    this.#admitting = {
      standing: (id) => table.found(id),
      ofSubject: (realm, subject) => this.#matching({ realm, subject }),
      end: (standing, end) => table.end(standing, end),
      admit({ session, secretHash, data }, spared) {
        const entry = {
          session: frozenSession(session),
          secretHash,
          previousHash: null,
          confirmed: false,
          data: frozenData(data),
        }
        if (table.rows.has(session.id)) table.remove(session.id)
        else makeRoom(table, maxSessions, session.lastSeenAt, spared)
        table.insert(entry)
      },
    }
  }

  create(entry: NewSession, options?: CreateOptions): CreateResult {
    return createIn(this.#admitting, entry, options)
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
      this.#table.replace({
        ...found,
        session: seen ? Object.freeze({ ...session, lastSeenAt: at, lag }) : session,
        secretHash: rehash?.from === secretHash ? rehash.to : secretHash,
        confirmed: found.confirmed || confirm === secretHash,
      })
    }
  }

  upgrade(id: string, to: NewSession, options: UpgradeOptions): UpgradeResult {
    return upgradeIn(this.#admitting, id, to, options)
  }

  regenerate(id: string, from: string, to: string, at: Instant): 'regenerated' | 'lost' | 'gone' {
    const found = this.#live(id, at)
    if (found === undefined) return 'gone'
    if (found.secretHash !== from) return 'lost'
    const session = Object.freeze({ ...found.session, regeneratedAt: at })
    this.#table.replace({ ...found, session, secretHash: to, previousHash: from, confirmed: false })
    return 'regenerated'
  }

  write(id: string, patch: Patch, { at, ifRevision }: WriteOptions): WriteResult {
    const found = this.#live(id, at)
    if (found === undefined) return { status: 'gone' }
    const { revision } = found.session
    if (ifRevision !== undefined && ifRevision !== revision) return { status: 'conflict', revision }
    const patched = applyPatch(found.data, patch)
    if (patched.status === 'not_a_number') return patched
    const { data } = patched
    this.#table.replace({
      ...found,
      session: Object.freeze({ ...found.session, revision: revision + 1 }),
      data,
    })
    return { status: 'written', revision: revision + 1, data }
  }

  end(which: Filter, end: End): readonly Session[] {
    return this.#matching(which)
      .filter(({ session }) => session.endedAt === null)
      .map((found) => this.#table.end(found, end))
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
    return sweepTable(this.#table, now, options)
  }

  #live(id: string, at: Instant): Found | undefined {
    const found = this.#table.found(id)
    return found !== undefined && lives(found, at) ? found : undefined
  }

  #inState(session: Session, { at, state, reason }: ListQuery): boolean {
    if (reason !== undefined && session.endReason !== reason) return false
    if (state === 'ended') return session.endedAt !== null
    return state === 'any' || (isLive(session, at) && this.#table.found(session.id)?.watermark === null)
  }

  #matching(filter: Filter): Found[] {
    return Array.from(this.#table.candidates(filter))
      .filter(({ found }) => matches(found.session, filter))
      .flatMap(({ found }) => this.#table.found(found.session.id) ?? [])
  }
}

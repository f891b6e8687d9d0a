import { invalidOption } from '../core/errors.ts'
import { frozenData, frozenSession } from '../core/frozen.ts'
import { ended } from '../core/over.ts'
import { applyPatch } from '../core/patch.ts'
import { counts, isLive } from '../core/session.ts'
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
import { admission } from './admission.ts'
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
  readonly #maxSessions: number

  constructor(maxSessions: number) {
    this.#maxSessions = maxSessions
  }

  create(entry: NewSession, options: CreateOptions = {}): CreateResult {
    return this.#admit(entry, options)
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

  upgrade(id: string, to: NewSession, { limit, ifRevision }: UpgradeOptions): UpgradeResult {
    const at = to.session.lastSeenAt
    const found = this.#live(id, at)
    if (found === undefined || (found.session.subject !== null && found.session.activatedAt !== null)) {
      return { status: 'gone' }
    }
    if (found.session.revision !== ifRevision) return { status: 'conflict' }
    const admit = limit === undefined ? {} : { limit }
    if (to.session.id !== id) return this.#admit(to, { ...admit, replaces: { id, reason: 'upgraded' } })
    return this.#admit(to, admit, id)
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
      .map((found) => this.#end(found, end))
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

  /** Inserts a session, or puts it in the place of `instead`, once the limit admits it. */
  #admit(
    { session, secretHash, data }: NewSession,
    { limit, replaces }: CreateOptions,
    instead?: string,
  ): CreateResult {
    const at = session.lastSeenAt
    if (session.id !== instead && this.#table.rows.has(session.id)) return { status: 'duplicate' }
    const gone = instead ?? replaces?.id
    const admitted = limit === undefined ? { evict: [] } : admission(this.#standing(session, gone), limit)
    if ('refused' in admitted) return { status: 'refused', live: admitted.refused }
    const added = {
      session: frozenSession(session),
      secretHash,
      previousHash: null,
      confirmed: false,
      data: frozenData(data),
    }
    if (instead === undefined) makeRoom(this.#table, this.#maxSessions, at, gone)
    else this.#table.remove(instead)
    const replaced = replaces === undefined ? undefined : this.#table.found(replaces.id)
    const over: Session[] = []
    if (replaces !== undefined && replaced?.session.endedAt === null) {
      over.push(this.#end(replaced, { at, reason: replaces.reason }))
    }
    for (const { id } of admitted.evict) {
      const found = this.#table.found(id)
      if (found !== undefined) over.push(this.#end(found, { at, reason: 'evicted_by_limit' }))
    }
    this.#table.insert(added)
    return { status: 'created', ended: over }
  }

  /** What a limit counts beside a new session that it counts too. */
  #standing(
    { id, realm, subject, activatedAt, lastSeenAt }: Session,
    gone: string | undefined,
  ): readonly Session[] {
    if (subject === null || activatedAt === null) return []
    return this.#matching({ realm, subject, except: id })
      .filter(
        ({ session, watermark }) => session.id !== gone && watermark === null && counts(session, lastSeenAt),
      )
      .map(({ session }) => session)
  }

  #end(found: Found, end: End): Session {
    const session = ended(found.session, found.watermark, end)
    this.#table.replace({ ...found, session })
    return session
  }

  #live(id: string, at: Instant): Found | undefined {
    const found = this.#table.found(id)
    return found !== undefined && found.watermark === null && isLive(found.session, at) ? found : undefined
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

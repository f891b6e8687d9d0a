import { frozenData, frozenSession } from '../core/frozen.ts'
import { ended } from '../core/over.ts'
import type { Refresh } from '../core/remember.ts'
import { deadlineOf } from '../core/session.ts'
import type { Instant, Session } from '../core/session.ts'
import type { End, Filter, Found, NewSession } from '../core/store.ts'
import type { Admitted } from './admit.ts'
import { CreationOrder } from './creation-order.ts'
import { isListedAfter } from './cursor.ts'
import type { Place } from './cursor.ts'
import { MemoryFeed } from './memory-feed.ts'
import { MemoryRow } from './memory-row.ts'
import { MemoryWatermarks } from './memory-watermarks.ts'
import { RealmHeaps } from './realm-heaps.ts'
import type { RestoringTable } from './restore.ts'
import { hasDetails, overSince } from './retention.ts'
import { RowIndex } from './row-index.ts'
import type { Standing } from './standing.ts'

/** Removes what can be spared, where the table is full. */
export type MakeRoom = (at: Instant, spared: string | undefined) => void

/** The rows of a memory store and their indexes. Each row with a moment to wait for is in one of the heaps. */
export class MemoryTable implements RestoringTable {
  readonly rows = new Map<string, MemoryRow>()
  readonly feed = new MemoryFeed()
  readonly watermarks = new MemoryWatermarks(this.feed)
  /**
   * Those that have not ended and have a limit, by a moment no later than their deadline. A touch leaves it as it is: a row
   * whose moment came is looked at, and goes back in if it still lives.
   */
  readonly due = new RealmHeaps()
  /** Those that have ended and can still be restored, by when that is over. */
  readonly remembered = new RealmHeaps()
  /** Those of the other ended that still have their details, by when they were over. */
  readonly detailed = new RealmHeaps()
  /** Those that have none, likewise. */
  readonly bare = new RealmHeaps()
  readonly #makeRoom: MakeRoom
  readonly #realms = new Map<string, CreationOrder>()
  readonly #subjects = new Map<string, Map<string | null, CreationOrder>>()
  readonly #families = new RowIndex()
  readonly #parents = new RowIndex()

  constructor(makeRoom: MakeRoom) {
    this.#makeRoom = makeRoom
  }

  /** What stands under the id, with the watermark that covers it now. */
  found(id: string): Found | undefined {
    const row = this.rows.get(id)
    if (row === undefined || row.watermarks === this.watermarks.count) return row?.found
    const watermark = this.watermarks.over(row.found.session)
    row.watermarks = this.watermarks.count
    if (watermark !== row.found.watermark) row.found = Object.freeze({ ...row.found, watermark })
    return row.found
  }

  standing(id: string): Found | undefined {
    return this.found(id)
  }

  ofSubject(realm: string, subject: string): readonly Found[] {
    return this.#foundOf(this.candidates({ realm, subject }))
  }

  ofFamily(realm: string, family: string): readonly Found[] {
    return this.#foundOf(this.#families.get(family)).filter(({ session }) => session.realm === realm)
  }

  below(ids: readonly string[]): readonly Found[] {
    return this.#foundOf(ids.flatMap((id) => this.#parents.get(id))).toSorted((a, b) =>
      a.session.id < b.session.id ? -1 : 1,
    )
  }

  admit({ session, secretHash, data, refreshHash }: NewSession, { confirmed, spared }: Admitted): void {
    const { id, lastSeenAt, rememberedUntil: expiresAt } = session
    const found = {
      session: frozenSession(session),
      secretHash,
      previousHash: null,
      confirmed,
      data: frozenData(data),
      ...(refreshHash === undefined || expiresAt === null
        ? {}
        : { refresh: Object.freeze({ hash: refreshHash, expiresAt, usedAt: null, successor: null }) }),
    }
    if (this.rows.has(id)) this.remove(id)
    else this.#makeRoom(lastSeenAt, spared)
    this.#insert(found)
  }

  /**
   * Puts a changed record in the place of one with the same id, realm, subject, family and moment of creation. `touched`: no
   * more than its last use is different.
   */
  replace(found: Found, touched?: 'touched'): void {
    const row = this.rows.get(found.session.id)
    if (row === undefined) return
    const { session: before } = row.found
    const { session } = found
    row.found = Object.freeze(found)
    if (before.endedAt === null && touched === undefined) this.#tell(session)
    if (before.parent !== session.parent) {
      this.#parents.remove(before.parent, row)
      this.#parents.add(session.parent, row)
    }
    if (session.endedAt !== null || session.expiresAt !== before.expiresAt) this.#await(row)
  }

  end({ session, watermark }: Standing, end: End): Session {
    return this.#keep({ ...this.#foundAt(session.id), session: ended(session, watermark, end) })
  }

  forget({ id }: Session): Session {
    const found = this.#foundAt(id)
    return this.#keep({ ...found, session: Object.freeze({ ...found.session, rememberedUntil: null }) })
  }

  spend(session: Session, refresh: Refresh): void {
    this.replace({ ...this.#foundAt(session.id), session, refresh })
  }

  moveBelow(from: string, to: string): void {
    for (const { found } of this.#parents.get(from)) {
      if (found.session.id === from || found.session.id === to) continue
      this.replace({
        ...this.#foundAt(found.session.id),
        session: Object.freeze({ ...found.session, parent: to }),
      })
    }
  }

  remove(id: string): void {
    const row = this.rows.get(id)
    if (row === undefined) return
    const { realm, subject, family, parent } = row.found.session
    if (row.found.session.endedAt === null) this.feed.append({ kind: 'changed', id })
    this.rows.delete(id)
    row.heap?.remove(row)
    row.gone = true
    this.#families.remove(family, row)
    this.#parents.remove(parent, row)
    const bySubject = this.#subjects.get(realm)
    const ofRealm = this.#realms.get(realm)
    const ofSubject = bySubject?.get(subject)
    ofRealm?.forget()
    ofSubject?.forget()
    if (ofSubject?.size === 0) bySubject?.delete(subject)
    if (ofRealm?.size === 0) {
      this.#realms.delete(realm)
      this.#subjects.delete(realm)
      for (const heaps of [this.due, this.remembered, this.detailed, this.bare]) heaps.drop(realm)
    }
  }

  /** All that can match the filter and more, by the shortest index, in the order of lists, after a place. */
  candidates({ id, realm, subject, family, parent }: Filter, place?: Place): Iterable<MemoryRow> {
    if (id !== undefined) {
      const row = this.rows.get(id)
      return inOrder(row === undefined ? [] : [row], place)
    }
    if (family !== undefined) return inOrder(this.#families.get(family), place)
    if (parent !== undefined) return inOrder(this.#parents.get(parent), place)
    const order = subject === undefined ? this.#realms.get(realm) : this.#subjects.get(realm)?.get(subject)
    return order?.after(place) ?? []
  }

  /** The row was due and still lives: it is looked at again when its deadline comes. */
  postpone(row: MemoryRow): void {
    this.#await(row)
  }

  #tell({ id, endedAt, endReason }: Session): void {
    if (endedAt === null || endReason === null) this.feed.append({ kind: 'changed', id })
    else this.feed.append({ kind: 'ended', id, reason: endReason, at: endedAt })
  }

  /** A record as it is from now on, without a refresh token that can no longer be spent. */
  #keep(found: Found): Session {
    const { refresh: _, ...rest } = found
    this.replace(found.session.rememberedUntil === null ? rest : found)
    return found.session
  }

  #insert(found: Omit<Found, 'watermark'>): void {
    const { session } = found
    const watermark = this.watermarks.over(session)
    const row = new MemoryRow(Object.freeze({ ...found, watermark }), this.watermarks.count)
    this.rows.set(session.id, row)
    this.#orderOf(session.realm).insert(row)
    this.#orderOf(session.realm, session.subject).insert(row)
    this.#families.add(session.family, row)
    this.#parents.add(session.parent, row)
    this.#await(row, session.endedAt === null && watermark !== null ? -Infinity : undefined)
  }

  /** Puts the row in the heap of what it waits for: its deadline, or some other moment until then. */
  #await(row: MemoryRow, until?: Instant): void {
    const { found } = row
    const { endedAt, rememberedUntil } = found.session
    row.heap?.remove(row)
    const [heaps, moment] =
      endedAt === null
        ? [this.due, until ?? deadlineOf(found.session)]
        : rememberedUntil !== null
          ? [this.remembered, rememberedUntil]
          : [hasDetails(found) ? this.detailed : this.bare, overSince(found)]
    row.heap = undefined
    if (moment !== null) heaps.add(row, moment)
  }

  #foundOf(rows: Iterable<MemoryRow>): readonly Found[] {
    return Array.from(rows, (row) => this.#foundAt(row.found.session.id))
  }

  #foundAt(id: string): Found {
    const found = this.found(id)
    if (found === undefined) throw new TypeError(`There is no session ${id}`)
    return found
  }

  #orderOf(realm: string, subject?: Session['subject']): CreationOrder {
    if (subject === undefined) return orderIn(this.#realms, realm)
    const bySubject = this.#subjects.get(realm) ?? new Map<string | null, CreationOrder>()
    this.#subjects.set(realm, bySubject)
    return orderIn(bySubject, subject)
  }
}

function orderIn<Key>(orders: Map<Key, CreationOrder>, key: Key): CreationOrder {
  const order = orders.get(key) ?? new CreationOrder()
  orders.set(key, order)
  return order
}

/** Few rows in the order of lists, after a place. */
function inOrder(rows: readonly MemoryRow[], place: Place | undefined): readonly MemoryRow[] {
  return rows
    .filter(({ found }) => place === undefined || isListedAfter(found.session, place))
    .toSorted((a, b) => (isListedAfter(a.found.session, b.found.session) ? 1 : -1))
}

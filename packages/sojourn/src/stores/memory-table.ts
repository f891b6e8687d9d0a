import { deadlineOf } from '../core/session.ts'
import type { Session } from '../core/session.ts'
import { ended } from '../core/over.ts'
import type { End, Filter, Found } from '../core/store.ts'
import { CreationOrder } from './creation-order.ts'
import { isListedAfter } from './cursor.ts'
import type { Place } from './cursor.ts'
import { MemoryRow } from './memory-row.ts'
import { MemoryWatermarks } from './memory-watermarks.ts'
import { MomentHeap } from './moment-heap.ts'

/** The rows of a memory store and their indexes. */
export class MemoryTable {
  readonly rows = new Map<string, MemoryRow>()
  readonly watermarks = new MemoryWatermarks()
  /**
   * Those that have not ended and have a limit, by a moment no later than their deadline. A touch leaves it as it is: a row
   * whose moment came is looked at, and goes back in if it still lives.
   */
  readonly due = new MomentHeap<MemoryRow>()
  /** Those that have ended, by when. */
  readonly ended = new MomentHeap<MemoryRow>()
  readonly #realms = new Map<string, CreationOrder>()
  readonly #subjects = new Map<string, Map<string | null, CreationOrder>>()

  /** What stands under the id, with the watermark that covers it now. */
  found(id: string): Found | undefined {
    const row = this.rows.get(id)
    if (row === undefined || row.watermarks === this.watermarks.count) return row?.found
    const watermark = this.watermarks.over(row.found.session)
    row.watermarks = this.watermarks.count
    if (watermark !== row.found.watermark) row.found = Object.freeze({ ...row.found, watermark })
    return row.found
  }

  insert(found: Omit<Found, 'watermark'>): void {
    const { session } = found
    const watermark = this.watermarks.over(session)
    const row = new MemoryRow(Object.freeze({ ...found, watermark }), this.watermarks.count)
    this.rows.set(session.id, row)
    this.#orderOf(session.realm).insert(row)
    this.#orderOf(session.realm, session.subject).insert(row)
    if (session.endedAt !== null) this.ended.add(row, session.endedAt)
    else if (watermark !== null) this.due.add(row, -Infinity)
    else this.#awaitDeadline(row)
  }

  /** Puts a changed record in the place of one with the same id, realm, subject and moment of creation. */
  replace(found: Found): void {
    const row = this.rows.get(found.session.id)
    if (row === undefined) return
    const endsNow = row.found.session.endedAt === null && found.session.endedAt !== null
    row.found = Object.freeze(found)
    if (!endsNow) return
    if (row.position >= 0) this.due.remove(row)
    this.ended.add(row, found.session.endedAt ?? 0)
  }

  /** Ends a session that has not ended: by `end`, or by what was over before. */
  end({ session: { id } }: { readonly session: Session }, end: End): Session {
    const found = this.found(id)
    if (found === undefined) throw new TypeError(`No session ${id} to end`)
    const session = ended(found.session, found.watermark, end)
    this.replace({ ...found, session })
    return session
  }

  remove(id: string): void {
    const row = this.rows.get(id)
    if (row === undefined) return
    const { realm, subject, endedAt } = row.found.session
    this.rows.delete(id)
    if (row.position >= 0) (endedAt === null ? this.due : this.ended).remove(row)
    row.gone = true
    const bySubject = this.#subjects.get(realm)
    const ofRealm = this.#realms.get(realm)
    const ofSubject = bySubject?.get(subject)
    ofRealm?.forget()
    ofSubject?.forget()
    if (ofSubject?.size === 0) bySubject?.delete(subject)
    if (ofRealm?.size === 0) {
      this.#realms.delete(realm)
      this.#subjects.delete(realm)
    }
  }

  /** All that can match the filter and more, by the shortest index, in the order of lists, after a place. */
  candidates({ id, realm, subject }: Filter, place?: Place): Iterable<MemoryRow> {
    if (id !== undefined) {
      const row = this.rows.get(id)
      return row === undefined || (place !== undefined && !isListedAfter(row.found.session, place))
        ? []
        : [row]
    }
    const order = subject === undefined ? this.#realms.get(realm) : this.#subjects.get(realm)?.get(subject)
    return order?.after(place) ?? []
  }

  /** The row was due and still lives: it is looked at again when its deadline comes. */
  postpone(row: MemoryRow): void {
    this.due.remove(row)
    this.#awaitDeadline(row)
  }

  #awaitDeadline(row: MemoryRow): void {
    const deadline = deadlineOf(row.found.session)
    if (deadline !== null) this.due.add(row, deadline)
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

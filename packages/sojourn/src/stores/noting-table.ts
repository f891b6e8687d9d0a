import { frozenData, frozenSession } from '../core/frozen.ts'
import type { Data, Instant } from '../core/session.ts'
import type { Found, NewSession } from '../core/store.ts'
import type { Admitted } from './admit.ts'
import { differenceOf, type NotedChange, isTouch, type Stored } from './noted-change.ts'
import { makeRoom } from './memory-room.ts'
import { MemoryTable } from './memory-table.ts'

const noData: Data = Object.freeze(Object.create(null) as Data)

/** A table in memory that notes what changes in it, and takes over what others noted. */
export class NotingTable extends MemoryTable {
  /** Sessions of which a line was unreadable. What is known of them is older than what was written. */
  readonly damaged = new Set<string>()
  readonly #note: (change: NotedChange) => void
  /** Set while it takes over what is decided already. */
  #following = false

  constructor(most: number, note: (change: NotedChange) => void) {
    super((at: Instant, spared) => {
      if (!this.#following) makeRoom(this, most, at, spared)
    })
    this.#note = (change) => {
      if (!this.#following) note(change)
    }
  }

  override admit(entry: NewSession, how: Admitted): void {
    super.admit(entry, how)
    const found = this.found(entry.session.id)
    if (found !== undefined) this.#note({ kind: 'put', found: storedOf(found) })
  }

  override replace(found: Found, touched?: 'touched'): void {
    const { id, endedAt } = found.session
    const before = this.rows.get(id)?.found
    // Once ended, a damaged session needs nothing of what is damaged.
    const isHealed = endedAt !== null && this.damaged.delete(id)
    const kept = isHealed ? { ...found, data: noData } : found
    super.replace(kept, touched)
    if (before === undefined) return
    const to = differenceOf(before, kept)
    if (isHealed) this.#note({ kind: 'put', found: storedOf(kept) })
    else if (to !== undefined) this.#note({ kind: 'set', id, to })
  }

  override remove(id: string): void {
    if (!this.rows.has(id)) return
    super.remove(id)
    this.damaged.delete(id)
    this.#note({ kind: 'remove', id })
  }

  /** Takes over a change of a session that another process made, or this one in an earlier life. */
  follow(change: NotedChange): void {
    this.#following = true
    try {
      if (change.kind === 'put') this.#put(change.found)
      if (change.kind === 'remove') this.remove(change.id)
      if (change.kind === 'damage') this.#damage(change.id)
      if (change.kind === 'set') this.#set(change)
    } finally {
      this.#following = false
    }
  }

  #put({ session, secretHash, previousHash, confirmed, data, refresh }: Stored): void {
    this.damaged.delete(session.id)
    super.admit({ session, secretHash, data }, { confirmed, spared: undefined })
    const found = this.found(session.id)
    if (found === undefined || (previousHash === null && refresh === undefined)) return
    super.replace({
      ...found,
      previousHash,
      ...(refresh === undefined ? {} : { refresh: Object.freeze({ ...refresh }) }),
    })
  }

  #set({ id, to }: Extract<NotedChange, { kind: 'set' }>): void {
    const before = this.found(id)
    if (before === undefined) return
    const { refresh: had, ...found } = before
    const { refresh: given, session, data, ...secrets } = to
    const refresh = given === undefined ? had : given
    const next = {
      ...found,
      ...secrets,
      session: frozenSession({ ...before.session, ...session }),
      data: data === undefined ? before.data : frozenData(data),
      ...(refresh === null || refresh === undefined ? {} : { refresh: Object.freeze({ ...refresh }) }),
    }
    super.replace(next, isTouch(to) ? 'touched' : undefined)
  }

  #damage(id: string): void {
    if (!this.rows.has(id)) return
    this.damaged.add(id)
    this.feed.append({ kind: 'changed', id })
  }
}

export function storedOf(found: Found): Stored {
  const { watermark: _, ...stored } = found
  return stored
}

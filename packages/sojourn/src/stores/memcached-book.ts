import { SessionError } from '../core/errors.ts'
import { mayRestore } from '../core/remember.ts'
import type { Instant, Session } from '../core/session.ts'
import type { Watermark, WatermarkScope } from '../core/store.ts'
import type { Place } from './cursor.ts'
import type { Passed } from './end-trees.ts'
import { MemcachedSweep } from './memcached-sweep.ts'
import { MemoryStore } from './memory-store.ts'
import type { NotedChange, Stored } from './noted-change.ts'
import { NotingTable, storedOf } from './noting-table.ts'

/** Watermarks that hold for more than one subject, and what else every answer depends on. */
export interface Era {
  /** Made by chance. What was written in another era is void: a watermark over it may have been lost. */
  readonly era: string
  /** Which of the lists of books were begun. */
  readonly lists: readonly number[]
  readonly marks: readonly Mark[]
}

export interface Mark {
  readonly scope: WatermarkScope
  readonly watermark: Watermark
}

/** All sessions of one subject, or one guest. */
export interface Book {
  readonly era: string
  /** Whether the book is certainly in its list. */
  readonly isListed: boolean
  readonly sessions: readonly Stored[]
  /** The watermarks of this subject. */
  readonly marks: readonly Mark[]
  /** How far a sweep came in this book with a watermark; `null`: through it. */
  readonly swept: readonly (readonly [scope: WatermarkScope, at: Instant, to: Place | null])[]
  /** Sessions whose parent is in another book: they live no longer than it. */
  readonly lodgers: readonly string[]
}

class BookTable extends NotingTable {
  readonly #passed: Map<string, Passed>

  constructor(passed: Map<string, Passed>, note: (change: NotedChange) => void) {
    super(Infinity, note)
    this.#passed = passed
  }

  passOn(id: string, passed: Passed): void {
    passTo(this.#passed, id, passed)
  }
}

/** A book that is open: every verb over its sessions, in memory. */
export class OpenBook {
  readonly table: BookTable
  readonly sweep: MemcachedSweep
  readonly store: MemoryStore
  readonly lodgers: Set<string>
  /** The ends that came through sessions of it, for what stands below those in other books. */
  readonly passed = new Map<string, Passed>()
  /** Sessions that were removed from it. */
  readonly removed: string[] = []
  /** Whether it stood in this era before it was opened. */
  readonly isNew: boolean
  readonly wasListed: boolean
  isChanged = false
  readonly #era: Era

  constructor(value: unknown, era: Era) {
    const book = isBook(value) && value.era === era.era ? value : undefined
    this.#era = era
    this.isNew = book === undefined
    this.wasListed = book?.isListed === true
    this.lodgers = new Set(book?.lodgers)
    this.table = new BookTable(this.passed, (change) => {
      this.isChanged = true
      if (change.kind === 'remove') this.removed.push(change.id)
    })
    const noteSweep = (): void => void (this.isChanged = true)
    const passOn = (id: string, passed: Passed): void => passTo(this.passed, id, passed)
    this.sweep = new MemcachedSweep(this.table, noteSweep, passOn)
    this.store = new MemoryStore(this.table, this.sweep)
    const { watermarks } = this.table
    const swept = new Map(book?.swept.map(([scope, at, to]) => [sweptName(scope, at), to]))
    const marks = [...era.marks, ...(book?.marks ?? [])].map(({ scope, watermark }) => {
      return { scope, watermark, to: swept.get(sweptName(scope, watermark.at)) }
    })
    const raise = ({ scope, watermark, to }: (typeof marks)[number]): void => {
      watermarks.raise(scope, watermark)
      const standing = watermarks.get(scope)
      if (standing !== undefined && to !== undefined) watermarks.noteSwept(standing, to ?? undefined)
    }
    // What came after a sweep was through with a watermark is due at once: no other will look at it.
    for (const mark of marks) if (mark.to === null) raise(mark)
    for (const found of book?.sessions ?? []) this.table.follow({ kind: 'put', found })
    for (const mark of marks) if (mark.to !== null) raise(mark)
  }

  session(id: string): Session | undefined {
    return this.table.rows.get(id)?.found.session
  }

  /** What stands below a session in another book lodges here. */
  lodge(parent: string): void {
    for (const { session } of this.table.below([parent])) {
      if (session.endedAt !== null || this.lodgers.has(session.id)) continue
      this.lodgers.add(session.id)
      this.isChanged = true
    }
  }

  /** `undefined`: nothing is left to keep. */
  value(mostBytes: number): Book | undefined {
    for (;;) {
      const sessions = [...this.table.rows.values()].map(({ found }) => storedOf(found))
      const standing = [...this.table.watermarks.all()]
      const marks = standing.flatMap(({ scope, watermark }) =>
        scope.subject === undefined ? [] : { scope, watermark },
      )
      if (sessions.length === 0 && marks.length === 0) return undefined
      const lodgers = [...this.lodgers].filter((id) => this.table.rows.has(id))
      const swept = standing.flatMap(({ scope, watermark, swept, isDone }) => {
        return isDone || swept !== undefined
          ? [[scope, watermark.at, isDone ? null : (swept ?? null)] as const]
          : []
      })
      const book = { era: this.#era.era, isListed: !this.isNew, sessions, marks, swept, lodgers }
      if (Buffer.byteLength(JSON.stringify(book)) <= mostBytes) return book
      this.#makeRoom(mostBytes)
    }
  }

  /** Lets go what ended longest ago. */
  #makeRoom(mostBytes: number): void {
    const [bare, detailed] = [this.table.bare.first(), this.table.detailed.first()]
    const oldest = bare === undefined || (detailed?.moment ?? Infinity) < bare.moment ? detailed : bare
    if (oldest === undefined)
      throw new SessionError(
        'store_full',
        `The live sessions of one subject would take more than the ${mostBytes} bytes of one record. Set a limit, or take another store`,
      )
    this.table.remove(oldest.found.session.id)
  }
}

/** Notes an end that comes through a session. Of several the first stands; who is to lose its refresh token loses it by any. */
export function passTo(all: Map<string, Passed>, id: string, passed: Passed): void {
  const first = all.get(id)
  if (first === undefined) all.set(id, passed)
  else if (mayRestore(first.asked.reason)) all.set(id, { end: first.end, asked: passed.asked })
}

function sweptName({ realm, subject, method, policy }: WatermarkScope, at: Instant): string {
  return JSON.stringify([realm, subject, method, policy, at])
}

export function isEra(value: unknown): value is Era {
  return typeof value === 'object' && value !== null && 'era' in value && 'lists' in value && 'marks' in value
}

function isBook(value: unknown): value is Book {
  if (typeof value !== 'object' || value === null) return false
  const { era, sessions, marks, swept, lodgers } = value as { readonly [name in keyof Book]?: unknown }
  const lists = [sessions, marks, swept, lodgers]
  return typeof era === 'string' && lists.every(Array.isArray) && (sessions as unknown[]).every(isStored)
}

function isStored(value: unknown): boolean {
  const { session } = (value ?? {}) as { readonly session?: { readonly id?: unknown } | null }
  return typeof session?.id === 'string'
}

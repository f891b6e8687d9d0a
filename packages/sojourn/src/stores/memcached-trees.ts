import { overBy } from '../core/over.ts'
import type { Instant, Session } from '../core/session.ts'
import type { End, Found } from '../core/store.ts'
import { asOf, endLevels, endOf, endTrees } from './end-trees.ts'
import type { Ending, Passed } from './end-trees.ts'
import { type OpenBook, passTo } from './memcached-book.ts'
import type { MemcachedBooks } from './memcached-books.ts'
import type { MemcachedIndex } from './memcached-index.ts'

/** A session, and how it was over. */
interface Root {
  readonly id: string
  readonly end: End
}

/**
 * Trees of sessions whose books differ, as where somebody acts as another. Who is below lives no longer than who is above:
 * that is looked up when the one below is read, so that it holds from the moment in which the one above ended. Ending the one
 * below in its own book comes after.
 */
export class MemcachedTrees {
  readonly #books: MemcachedBooks
  readonly #index: MemcachedIndex

  constructor(books: MemcachedBooks, index: MemcachedIndex) {
    this.#books = books
    this.#index = index
  }

  /** A session as it is now. */
  async find(id: string, seen: ReadonlySet<string> = new Set()): Promise<Found | undefined> {
    const book = await this.#books.of(id)
    if (book?.session(id) === undefined) return undefined
    await this.settle(book, id, seen)
    return book.table.found(id)
  }

  /** Ends a session in its open book, where one above it in another has ended; removes it, where that is gone. */
  async settle(book: OpenBook, id: string, seen: ReadonlySet<string> = new Set()): Promise<void> {
    const lodger = lodgerAbove(book, id)
    if (lodger === undefined || seen.has(lodger.id) || lodger.parent === null) return
    const above = await this.find(lodger.parent, new Set([...seen, lodger.id]))
    if (above === undefined) {
      for (const below of descendantsOf(book, [lodger.id])) book.table.remove(below)
      return
    }
    // What is below one that was upgraded is about to be moved below the other.
    if (above.session.endedAt === null || above.session.endReason === 'upgraded') return
    const standing = book.table.standing(lodger.id)
    if (standing === undefined) return
    const end = endOf(above.session)
    endTrees(book.table, [{ standing: asOf(standing, end.at), end }])
  }

  /** Which sessions of a book are over because one above them, in another book that is swept too, was over before. */
  async overAbove(book: OpenBook, now: Instant, realm: string | undefined): Promise<readonly Ending[]> {
    const endings: Ending[] = []
    for (const id of book.lodgers) {
      const standing = book.table.standing(id)
      if (standing === undefined || standing.session.endedAt !== null) continue
      // One that lives itself ends with the other.
      if (overBy(standing.session, standing.watermark, now) === null) continue
      const own = overBy(standing.session, null, now)
      const root = await this.#overBy(standing.session.parent, now, realm, new Set([id]))
      if (root !== undefined && (own === null || isBefore(root, { id, end: own })))
        endings.push({ standing: asOf(standing, root.end.at), end: root.end })
    }
    return endings
  }

  /** What was over first, of a session and those above it. */
  async #overBy(
    id: string | null,
    now: Instant,
    realm: string | undefined,
    seen: ReadonlySet<string>,
  ): Promise<Root | undefined> {
    if (id === null || seen.has(id)) return undefined
    const found = await this.find(id)
    if (found === undefined) return undefined
    const { session } = found
    if (session.endedAt !== null)
      return session.endReason === 'upgraded' ? undefined : { id, end: endOf(session) }
    const isSwept = realm === undefined || session.realm === realm
    const end = isSwept ? overBy(session, null, now) : null
    const above = await this.#overBy(session.parent, now, realm, new Set([...seen, id]))
    if (end === null) return above
    return above !== undefined && isBefore(above, { id, end }) ? above : { id, end }
  }

  /** Says where one that is about to be inserted stands: below one in another book, so that it ends with it. */
  async lodge(session: Session, key: string): Promise<boolean> {
    const { parent } = session
    if (parent === null) return false
    const [book] = await this.#books.read([key])
    if (book?.session(parent) !== undefined) return false
    await this.#index.relate('below', parent, key)
    return (await this.find(parent))?.session.endedAt === null
  }

  /** Ends what stands below in other books, by the ends that came through those above. It spares one, and what is below that. */
  async endBelow(from: ReadonlyMap<string, Passed>, spared?: string): Promise<readonly Session[]> {
    const ended: Session[] = []
    const reached = new Set(spared === undefined ? [] : [spared])
    let level = without(from, new Set())
    while (level.size > 0) {
      for (const id of level.keys()) reached.add(id)
      const next = new Map<string, Passed>()
      for (const [key, parents] of await this.#booksBelow(level)) {
        const step = await this.#books.change(key, (book) => {
          const ended: Session[] = []
          endLevels(book.table, parents, spared, ended)
          return { ended, passed: book.passed }
        })
        ended.push(...step.ended)
        for (const [id, passed] of step.passed) passTo(next, id, passed)
      }
      level = without(next, reached)
    }
    return ended
  }

  /** For each other book in which something is below: below whom. */
  async #booksBelow(
    level: ReadonlyMap<string, Passed>,
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, Passed>>> {
    const related = await this.#index.related('below', [...level.keys()])
    const books = new Map<string, Map<string, Passed>>()
    for (const [index, [id, passed]] of [...level].entries()) {
      for (const key of related[index] ?? []) {
        const parents = books.get(key) ?? new Map<string, Passed>()
        books.set(key, parents.set(id, passed))
      }
    }
    return books
  }

  /** What stood below one session in other books stands below another. */
  async moveBelow(from: string, to: string): Promise<void> {
    const [keys = []] = await this.#index.related('below', [from])
    for (const key of keys) {
      await this.#index.relate('below', to, key)
      await this.#books.change(key, ({ table }) => table.moveBelow(from, to))
    }
  }
}

/** Which of two a sweep comes to first. */
function isBefore(a: Root, b: Root): boolean {
  return a.end.at < b.end.at || (a.end.at === b.end.at && a.id < b.id)
}

/** Who is upgraded passes nothing on: what stood below is moved. */
function without(
  passed: ReadonlyMap<string, Passed>,
  reached: ReadonlySet<string>,
): ReadonlyMap<string, Passed> {
  return new Map([...passed].filter(([id, { asked }]) => !reached.has(id) && asked.reason !== 'upgraded'))
}

/** The session itself, or the nearest above it in the book, whose parent is in another; `undefined`: none is. */
function lodgerAbove(book: OpenBook, id: string): Session | undefined {
  const seen = new Set<string>()
  for (let at: string | null = id; at !== null && !seen.has(at);) {
    seen.add(at)
    const session = book.session(at)
    if (session === undefined || session.endedAt !== null) return undefined
    if (book.lodgers.has(at)) return session
    at = session.parent
  }
  return undefined
}

function descendantsOf(book: OpenBook, ids: readonly string[]): ReadonlySet<string> {
  const all = new Set(ids)
  for (const id of all) for (const { session } of book.table.below([id])) all.add(session.id)
  return all
}

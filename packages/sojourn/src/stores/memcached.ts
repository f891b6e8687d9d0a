import { invalidOption } from '../core/errors.ts'
import type { Instant, Millis, Session } from '../core/session.ts'
import type {
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
import { isListedAfter, pageLimit, readCursor, writeCursor } from './cursor.ts'
import { endTrees } from './end-trees.ts'
import { matches } from './matches.ts'
import type { Mark, OpenBook } from './memcached-book.ts'
import { MemcachedBooks } from './memcached-books.ts'
import { MemcachedEntrances } from './memcached-entrances.ts'
import { MemcachedIndex } from './memcached-index.ts'
import { type MemcachedClient, MemcachedRecords } from './memcached-records.ts'
import { MemcachedSweeper } from './memcached-sweeper.ts'
import { MemcachedTrees } from './memcached-trees.ts'
import { systemTimer, type Timer } from './timer.ts'

export type { MemcachedClient }

export interface MemcachedOptions {
  /** What all keys begin with, so that several stores can share a server. `sojourn:` if left out. */
  readonly prefix?: string
  /** The most bytes of one record, a little below what the server takes (`-I`, 1 MiB). 1,000,000 if left out. */
  readonly maxBytes?: number
  /** How long a command waits for Memcached before the verb says `store_unavailable`, in milliseconds. 2,000 if left out. */
  readonly patience?: Millis
  /** A test hands in its own. */
  readonly timer?: Timer
}

/**
 * Sessions in Memcached, which keeps them while it has room and runs, and no longer: what it lets go is signed out, and
 * nothing that it lets go brings a session back. Everything is JSON, changed by compare-and-swap alone.
 *
 *     sojourn:subject:<hash>   a book: all sessions of one subject, in all realms, with the watermarks of that subject:
 *                              {"era":…,"isListed":true,"sessions":[{"session":{…},"secretHash":…}],"marks":[],…}
 *     sojourn:guest:<hash>     a book with one guest
 *     sojourn:place:<hash>     the book that a session is in: {"book":"sojourn:subject:<hash>"}
 *     sojourn:era              {"era":…,"lists":[…],"marks":[…]}: watermarks of realms, methods and policies. A book of
 *                              another era is void: so this record cannot be lost without all that depends on it
 *     sojourn:list<0…63>       which books there are, for lists and sweeps: {"era":…,"books":[…],"isIncomplete":false}
 *     sojourn:below:<hash>     the books of what stands below a session in another book
 *     sojourn:family:<hash>    the books of a family
 *     sojourn:lease:<hash>     who holds a job, and until when
 *
 * A change of a subject is a change of one record: limits, ends, refresh tokens and trees within it are exact. What concerns
 * several subjects is a step for each.
 */
export function memcached(client: MemcachedClient, options: MemcachedOptions = {}): Store {
  const { prefix = 'sojourn:', maxBytes = 1_000_000, patience = 2_000, timer = systemTimer } = options
  if (
    typeof client?.gets !== 'function' ||
    typeof client.add !== 'function' ||
    typeof client.cas !== 'function'
  )
    throw invalidOption('client', 'a client of Memcached with gets, add and cas', {})
  if (!/^[\x21-\x7e]{0,100}$/.test(prefix))
    throw invalidOption('prefix', 'at most 100 printable letters without a space', prefix)
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 10_000)
    throw invalidOption('maxBytes', 'a whole number of bytes, at least 10000', maxBytes)
  if (!Number.isSafeInteger(patience) || patience < 1)
    throw invalidOption('patience', 'a whole number of milliseconds, at least 1', patience)
  return new MemcachedStore(new MemcachedRecords(client, { prefix, mostBytes: maxBytes, patience, timer }))
}

class MemcachedStore implements Store {
  readonly name = 'memcached'
  readonly declines = {
    changes: 'Memcached keeps no order between its records, and may let go any of them, a feed too',
  }
  readonly #records: MemcachedRecords
  readonly #index: MemcachedIndex
  readonly #books: MemcachedBooks
  readonly #trees: MemcachedTrees
  readonly #entrances: MemcachedEntrances
  readonly #sweeper: MemcachedSweeper

  constructor(records: MemcachedRecords) {
    this.#records = records
    this.#index = new MemcachedIndex(records)
    this.#books = new MemcachedBooks(records, this.#index)
    this.#trees = new MemcachedTrees(this.#books, this.#index)
    this.#entrances = new MemcachedEntrances(this.#books, this.#index, this.#trees)
    this.#sweeper = new MemcachedSweeper(this.#books, this.#index, this.#trees)
  }

  async create(entry: NewSession, options?: CreateOptions): Promise<CreateResult> {
    return await this.#entrances.create(entry, options)
  }

  async find(id: string): Promise<Found | undefined> {
    return await this.#trees.find(id)
  }

  async touch(entries: readonly TouchEntry[]): Promise<void> {
    const keys = await this.#index.lookAll(entries.map(({ id }) => id))
    const byBook = new Map<string, TouchEntry[]>()
    for (const [index, entry] of entries.entries()) {
      const key = keys[index]
      if (key === undefined) continue
      const before = byBook.get(key)
      if (before === undefined) byBook.set(key, [entry])
      else before.push(entry)
    }
    await this.#books.changeAll([...byBook.keys()], async (book, key) => {
      const these = byBook.get(key) ?? []
      for (const { id } of these) await this.#trees.settle(book, id)
      book.store.touch(these)
    })
  }

  async upgrade(id: string, to: NewSession, options: UpgradeOptions): Promise<UpgradeResult> {
    return await this.#entrances.upgrade(id, to, options)
  }

  async regenerate(
    id: string,
    from: string,
    to: string,
    at: Instant,
    elevation?: Elevation,
  ): Promise<'regenerated' | 'lost' | 'gone'> {
    return await this.#about(id, 'gone', ({ store }) => store.regenerate(id, from, to, at, elevation))
  }

  async write(id: string, patch: Patch, options: WriteOptions): Promise<WriteResult> {
    return await this.#about<WriteResult>(id, { status: 'gone' }, ({ store }) =>
      store.write(id, patch, options),
    )
  }

  /** Sessions of several subjects end each in a step of its own. Where a list of books was lost, all the others end too. */
  async end(which: Filter, end: End): Promise<readonly Session[]> {
    const { books, isComplete } = await this.#booksOf(which)
    const steps = await this.#books.changeAll(books, (book) => {
      const these = [...book.table.candidates(which)].map(({ found }) => found.session)
      const matching = these.filter((session) => matches(session, which))
      const endings = matching.flatMap(({ id }) => {
        const standing = book.table.standing(id)
        return standing === undefined ? [] : { standing, end }
      })
      return { ended: endTrees(book.table, endings), passed: book.passed }
    })
    if (!isComplete) await this.#index.renew()
    const below = await this.#trees.endBelow(new Map(steps.flatMap(({ passed }) => [...passed])))
    return [...steps.flatMap(({ ended }) => ended), ...below]
  }

  async voidBefore(scope: WatermarkScope, watermark: Watermark): Promise<void> {
    if (scope.subject === undefined) {
      await this.#index.updateEra((era) => ({ ...era, marks: raised(era.marks, { scope, watermark }) }))
      return
    }
    await this.#books.change(this.#index.bookOf(scope.subject, ''), (book) => {
      const { watermarks } = book.table
      const { count } = watermarks
      watermarks.raise(scope, watermark)
      if (watermarks.count !== count) book.isChanged = true
    })
  }

  async list(query: ListQuery): Promise<Page> {
    const limit = pageLimit(query.limit)
    const place = query.cursor === undefined ? undefined : readCursor(query.cursor)
    const { books } = await this.#booksOf(query)
    const items: Session[] = []
    for (const book of await this.#books.readAll(books)) {
      let page = book.store.list(query)
      items.push(...page.items)
      // One more than a page, to know whether another follows.
      if (page.cursor !== null) {
        page = book.store.list({ ...query, limit: 1, cursor: page.cursor })
        items.push(...page.items)
      }
    }
    const all = items
      .filter((session) => place === undefined || isListedAfter(session, place))
      .toSorted((a, b) => (isListedAfter(a, b) ? 1 : -1))
    const last = all[limit - 1]
    return {
      items: all.slice(0, limit),
      cursor: all.length > limit && last !== undefined ? writeCursor(last) : null,
    }
  }

  async sweep(now: Instant, options: SweepOptions): Promise<SweepResult> {
    return await this.#sweeper.sweep(now, options)
  }

  async restore(id: string, from: string, to: NewSession, options: RestoreOptions): Promise<RestoreResult> {
    return await this.#entrances.restore(id, from, to, options)
  }

  async lease(job: string, holder: string, at: Instant, until: Instant): Promise<boolean> {
    return await this.#records.update([this.#records.key('lease', job)], ([value]) => {
      const lease = value as { readonly holder: string; readonly until: Instant } | undefined
      if (lease !== undefined && lease.holder !== holder && at <= lease.until) return [value, false]
      return [{ holder, until }, true]
    })
  }

  /** One step about one session, in its book. */
  async #about<T>(id: string, otherwise: T, run: (book: OpenBook) => T | Promise<T>): Promise<T> {
    const key = await this.#index.look(id)
    if (key === undefined) return otherwise
    return await this.#books.change(key, async (book) => {
      await this.#trees.settle(book, id)
      return await run(book)
    })
  }

  /** The books that sessions of a filter can be in. */
  async #booksOf(
    which: Filter,
  ): Promise<{ readonly books: readonly string[]; readonly isComplete: boolean }> {
    const { id, subject, family } = which
    if (id !== undefined) {
      const book =
        (await this.#index.look(id)) ??
        // Where the place was lost, the subject still says it.
        (typeof subject === 'string' ? this.#index.bookOf(subject, '') : undefined)
      return { books: book === undefined ? [] : [book], isComplete: true }
    }
    if (typeof subject === 'string') return { books: [this.#index.bookOf(subject, '')], isComplete: true }
    const [books] = family === undefined ? [] : await this.#index.related('family', [family])
    return books === undefined ? await this.#index.all() : { books, isComplete: true }
  }
}

/** Of each scope the highest; at an equal moment the first stands. */
function raised(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  const { realm, method, policy } = mark.scope
  const same = marks.find(
    ({ scope }) => scope.realm === realm && scope.method === method && scope.policy === policy,
  )
  if (same !== undefined && same.watermark.at >= mark.watermark.at) return marks
  return [...marks.filter((other) => other !== same), mark]
}

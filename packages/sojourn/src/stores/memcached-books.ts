import type { Awaitable } from '../core/store.ts'
import { isEra, OpenBook } from './memcached-book.ts'
import type { MemcachedIndex } from './memcached-index.ts'
import { contended, type MemcachedRecords, mostAttempts, pause } from './memcached-records.ts'

/** How many books are read in one round trip, or changed at once, by what goes through all of them. */
export const together = 32

/** The books of a store. A change of one book is one step: it is judged on what stands there, and done only where that still does. */
export class MemcachedBooks {
  readonly #records: MemcachedRecords
  readonly #index: MemcachedIndex

  constructor(records: MemcachedRecords, index: MemcachedIndex) {
    this.#records = records
    this.#index = index
  }

  /**
   * The book that a session is in, in one round trip where this process remembers which; `undefined`: it is in none. What is
   * remembered is never believed alone: a place that was lost is lost to every process at once.
   */
  async of(id: string): Promise<OpenBook | undefined> {
    const known = this.#index.remembered(id)
    const keys = [this.#index.eraKey, this.#index.place(id), ...(known === undefined ? [] : [known])]
    const [era, place, record] = await this.#records.read(keys)
    const key = this.#index.noted(id, place?.value)
    if (key === undefined) return undefined
    if (key === known && isEra(era?.value)) return new OpenBook(record?.value, era.value)
    const [book] = await this.read([key])
    return book
  }

  /** Books as they are, in one round trip. */
  async read(keys: readonly string[]): Promise<readonly OpenBook[]> {
    const [era, ...books] = await this.#records.read([this.#index.eraKey, ...keys])
    const now = isEra(era?.value) ? era.value : await this.#index.era()
    return books.map(({ value }) => new OpenBook(value, now))
  }

  /** `run` may be called again, on the book as it is by then: only what the last call did counts. */
  async change<T>(key: string, run: (book: OpenBook) => Awaitable<T>): Promise<T> {
    return await this.#records.inTurn(key, () => this.#change(key, run))
  }

  /** Changes many books, each in a step of its own, some at once, in their order. */
  async changeAll<T>(
    keys: readonly string[],
    run: (book: OpenBook, key: string) => Awaitable<T>,
  ): Promise<readonly T[]> {
    const results: T[] = []
    for (let from = 0; from < keys.length; from += together) {
      const some = keys.slice(from, from + together)
      results.push(...(await Promise.all(some.map((key) => this.change(key, (book) => run(book, key))))))
    }
    return results
  }

  async readAll(keys: readonly string[]): Promise<readonly OpenBook[]> {
    const books: OpenBook[] = []
    for (let from = 0; from < keys.length; from += together)
      books.push(...(await this.read(keys.slice(from, from + together))))
    return books
  }

  async #change<T>(key: string, run: (book: OpenBook) => Awaitable<T>): Promise<T> {
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      await pause(attempt)
      const [record, era] = await this.#records.read([key, this.#index.eraKey])
      if (record === undefined) break
      const book = new OpenBook(record.value, isEra(era?.value) ? era.value : await this.#index.era())
      const result = await run(book)
      if (!book.isChanged) return result
      // Whoever wrote it first may have been stopped before it was in its list.
      if (!book.isNew && !book.wasListed) await this.#index.enlist(key)
      const value = book.value(this.#records.mostBytes)
      if (!(await this.#records.replace(record, value))) continue
      if (book.isNew && value !== undefined) await this.#index.enlist(key)
      const removed = book.removed.filter((id) => book.session(id) === undefined)
      if (removed.length > 0) await this.#index.forget(removed, key)
      if (value === undefined && !book.isNew) await this.#index.strike(key)
      return result
    }
    throw contended()
  }
}

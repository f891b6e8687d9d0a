import { hash, randomUUID } from 'node:crypto'
import { type Era, isEra } from './memcached-book.ts'
import type { MemcachedRecords } from './memcached-records.ts'

/** In how many lists the books are: each list is one record, and grows by one with each subject or guest. */
const lists = 64
/** For how many sessions a process remembers their book. */
const mostRemembered = 20_000

interface List {
  readonly era: string
  readonly books: readonly string[]
  /** The list was there before, and Memcached let it go: books may be missing in it. */
  readonly isIncomplete: boolean
}

/** Where sessions are: their books, the lists of all books, and the era. */
export class MemcachedIndex {
  readonly eraKey: string
  readonly #records: MemcachedRecords
  readonly #books = new Map<string, string>()

  constructor(records: MemcachedRecords) {
    this.#records = records
    this.eraKey = records.key('era')
  }

  /** The book of a subject, in all realms; a guest has one of its own. */
  bookOf(subject: string | null, id: string): string {
    return subject === null ? this.#records.key('guest', id) : this.#records.key('subject', subject)
  }

  /** The key of what says which book a session is in. */
  place(id: string): string {
    return this.#records.key('place', id)
  }

  /** The era, which is begun where there is none. */
  async era(): Promise<Era> {
    const [record] = await this.#records.read([this.eraKey])
    return isEra(record?.value) ? record.value : await this.updateEra((era) => era)
  }

  async updateEra(change: (era: Era) => Era): Promise<Era> {
    return await this.#records.update([this.eraKey], ([value]) => {
      const era = change(isEra(value) ? value : newEra())
      return [era, era]
    })
  }

  /** Makes void all that was written until now. */
  async renew(): Promise<void> {
    await this.updateEra(({ marks }) => ({ ...newEra(), marks }))
  }

  /** The book of a session as this process remembers it: it may have moved. */
  remembered(id: string): string | undefined {
    return this.#books.get(id)
  }

  /** What stands at its place of a session, as it was read: the book that it is in, if it is. */
  noted(id: string, value: unknown): string | undefined {
    const book = placeOf(value)
    if (book === undefined) this.#books.delete(id)
    else this.#remember(id, book)
    return book
  }

  /** The book that a session is in, if it is. */
  async look(id: string): Promise<string | undefined> {
    const [book] = await this.lookAll([id])
    return book
  }

  async lookAll(ids: readonly string[]): Promise<readonly (string | undefined)[]> {
    const records = await this.#records.read(ids.map((id) => this.place(id)))
    return records.map(({ value }, index) => this.noted(ids[index] ?? '', value))
  }

  /** Says that a session is in a book from now on. `isFree` judges where it stood before; false where that is not free. */
  async claim(id: string, book: string, isFree: (book: string) => Promise<boolean>): Promise<boolean> {
    for (;;) {
      const [record] = await this.#records.read([this.place(id)])
      if (record === undefined) return false
      const before = placeOf(record.value)
      if (before !== undefined && !(await isFree(before))) return false
      // Whoever claims it at the same time finds another token.
      if (await this.#records.replace(record, { book, claim: randomUUID() })) {
        this.#remember(id, book)
        return true
      }
    }
  }

  /**
   * The session is in the book for good: a claim that was judged before finds that something has changed. Returns the books of
   * what stood below it before it was there; `undefined`: another has claimed it since.
   */
  async confirm(id: string, book: string): Promise<readonly string[] | undefined> {
    const keys = [this.place(id), this.#records.key('below', id)] as const
    return await this.#records.update(keys, ([value, below]) => {
      return placeOf(value) === book ? [{ book }, namesIn(below) ?? []] : [value, undefined]
    })
  }

  async forget(ids: readonly string[], book: string): Promise<void> {
    const records = await this.#records.read(ids.map((id) => this.place(id)))
    for (const record of records)
      if (placeOf(record.value) === book) await this.#records.replace(record, undefined)
    for (const id of ids) this.#books.delete(id)
  }

  /** Puts a book into its list. */
  async enlist(book: string): Promise<void> {
    const number = listOf(book)
    for (;;) {
      const { era, lists } = await this.era()
      const isKnown = lists.includes(number)
      await this.#records.update([this.#list(number)], ([value]) => {
        const list = isList(value) && value.era === era ? value : { era, books: [], isIncomplete: isKnown }
        const books = list.books.includes(book) ? list.books : [...list.books, book]
        // Written anew even where it is there: whoever is about to take it out finds another token.
        return [{ ...list, books }, undefined]
      })
      if (isKnown) return
      // And once more: it may have been let go before the era knew of it, and begun anew by another.
      await this.updateEra((now) =>
        now.era === era && !now.lists.includes(number) ? { ...now, lists: [...now.lists, number] } : now,
      )
    }
  }

  /** Takes a book out of its list, where it is gone. */
  async strike(book: string): Promise<void> {
    const [list] = await this.#records.read([this.#list(listOf(book))])
    const [gone] = await this.#records.read([book])
    if (list === undefined || !isList(list.value) || gone?.token !== undefined) return
    const books = list.value.books.filter((other) => other !== book)
    await this.#records.replace(list, { ...list.value, books })
  }

  /** All books. `isComplete`: none that is not void can be missing. */
  async all(): Promise<{ readonly books: readonly string[]; readonly isComplete: boolean }> {
    const { era, lists } = await this.era()
    const records = await this.#records.read(lists.map((number) => this.#list(number)))
    const values = records.map(({ value }) => (isList(value) && value.era === era ? value : undefined))
    return {
      books: values.flatMap((list) => list?.books ?? []),
      isComplete: values.every((list) => list !== undefined && !list.isIncomplete),
    }
  }

  /** Notes that a book has something to do with a name: a session below it, or of its family. */
  async relate(kind: 'below' | 'family', name: string, book: string): Promise<void> {
    await this.#records.update([this.#records.key(kind, name)], ([value]) => {
      const books = namesIn(value) ?? []
      return books.includes(book) ? [value, undefined] : [[...books, book], undefined]
    })
  }

  /** For each name the books that were noted; `undefined`: none was, or Memcached let them go. */
  async related(
    kind: 'below' | 'family',
    names: readonly string[],
  ): Promise<readonly (readonly string[] | undefined)[]> {
    const records = await this.#records.read(names.map((name) => this.#records.key(kind, name)))
    return records.map(({ value }) => namesIn(value))
  }

  #list(number: number): string {
    return this.#records.key(`list${number}`)
  }

  #remember(id: string, book: string): void {
    this.#books.delete(id)
    this.#books.set(id, book)
    if (this.#books.size <= mostRemembered) return
    const [oldest = ''] = this.#books.keys()
    this.#books.delete(oldest)
  }
}

function newEra(): Era {
  return { era: randomUUID(), lists: [], marks: [] }
}

function listOf(book: string): number {
  return Number.parseInt(hash('sha256', book, 'hex').slice(0, 8), 16) % lists
}

function placeOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('book' in value)) return undefined
  return typeof value.book === 'string' ? value.book : undefined
}

function namesIn(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((name) => typeof name === 'string') ? value : undefined
}

function isList(value: unknown): value is List {
  return typeof value === 'object' && value !== null && 'era' in value && 'books' in value
}

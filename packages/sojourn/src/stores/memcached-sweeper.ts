import type { Instant, Session } from '../core/session.ts'
import type { SweepOptions, SweepResult } from '../core/store.ts'
import type { Passed } from './end-trees.ts'
import { type Mark, type OpenBook, passTo } from './memcached-book.ts'
import { type MemcachedBooks, together } from './memcached-books.ts'
import type { MemcachedIndex } from './memcached-index.ts'
import type { MemcachedTrees } from './memcached-trees.ts'
import { sweepIn } from './sweep.ts'

/** Sweeps book by book. Many are read at once; only those in which something is to be done are changed. */
export class MemcachedSweeper {
  readonly #books: MemcachedBooks
  readonly #index: MemcachedIndex
  readonly #trees: MemcachedTrees

  constructor(books: MemcachedBooks, index: MemcachedIndex, trees: MemcachedTrees) {
    this.#books = books
    this.#index = index
    this.#trees = trees
  }

  async sweep(now: Instant, options: SweepOptions): Promise<SweepResult> {
    const { of, realm, limit, purgeBefore } = options
    const { books, isComplete } = await this.#booksOf(now, options)
    const total = { ended: [] as Session[], purged: 0, minimised: 0, more: books.length >= limit }
    const passed = new Map<string, Passed>()
    for (const key of books) {
      const left = limit - Math.max(total.ended.length, total.purged, total.minimised)
      if (left <= 0) {
        total.more = true
        break
      }
      const step = await this.#books.change(key, async (book) => {
        return { result: await this.#sweepBook(book, now, { ...options, limit: left }), passed: book.passed }
      })
      const { ended, purged, minimised, more } = step.result
      for (const [id, end] of step.passed) passTo(passed, id, end)
      total.ended.push(...ended)
      total.purged += purged
      total.minimised += minimised
      total.more ||= more
    }
    // Last, so that nothing is purged in the step in which it ended.
    total.ended.push(...(await this.#trees.endBelow(passed)))
    // Where a list was lost, a watermark may cover what no sweep comes to: then it stays.
    if (of === undefined && isComplete && !total.more) await this.#retire(purgeBefore, realm)
    return total
  }

  async #sweepBook(book: OpenBook, now: Instant, options: SweepOptions): Promise<SweepResult> {
    const { of, realm } = options
    book.sweep.endings = of === undefined ? await this.#trees.overAbove(book, now, realm) : []
    const swept = sweepIn(book.sweep, now, options)
    return { ...swept, ended: [...book.sweep.ended, ...swept.ended] }
  }

  /**
   * The books in which something is to be done, at most as many as may be changed. First those with sessions below others: what
   * was over by itself before a watermark ends one above it ends so.
   */
  async #booksOf(
    now: Instant,
    options: SweepOptions,
  ): Promise<{ readonly books: readonly string[]; readonly isComplete: boolean }> {
    const { of, limit } = options
    if (of !== undefined) return { books: [this.#index.bookOf(of.subject, '')], isComplete: true }
    const { books, isComplete } = await this.#index.all()
    const [lodged, others]: [string[], string[]] = [[], []]
    for (let from = 0; from < books.length && lodged.length + others.length < limit; from += together) {
      const keys = books.slice(from, from + together)
      for (const [index, book] of (await this.#books.read(keys)).entries()) {
        const key = keys[index]
        if (key === undefined) continue
        await this.#sweepBook(book, now, options)
        if (book.isChanged) (book.lodgers.size > 0 ? lodged : others).push(key)
      }
    }
    return { books: [...lodged, ...others], isComplete }
  }

  /** Drops watermarks of realms that a sweep has been through with. */
  async #retire(before: Instant, realm: string | undefined): Promise<void> {
    const isOver = ({ scope, watermark }: Mark): boolean =>
      watermark.at < before && (realm === undefined || scope.realm === realm)
    await this.#index.updateEra((era) =>
      era.marks.some(isOver) ? { ...era, marks: era.marks.filter((mark) => !isOver(mark)) } : era,
    )
  }
}

import type { Instant, Session } from '../core/session.ts'
import type {
  CreateOptions,
  CreateResult,
  NewSession,
  RestoreOptions,
  RestoreResult,
  UpgradeOptions,
  UpgradeResult,
} from '../core/store.ts'
import { endTrees, type Passed } from './end-trees.ts'
import type { OpenBook } from './memcached-book.ts'
import type { MemcachedBooks } from './memcached-books.ts'
import type { MemcachedIndex } from './memcached-index.ts'
import type { MemcachedTrees } from './memcached-trees.ts'
import { storedOf } from './noting-table.ts'
import { lives } from './standing.ts'

const none: ReadonlyMap<string, Passed> = new Map()

/** How sessions come into their books. Where two books are concerned, what ends comes first: whoever is stopped between leaves nobody signed in twice. */
export class MemcachedEntrances {
  readonly #books: MemcachedBooks
  readonly #index: MemcachedIndex
  readonly #trees: MemcachedTrees

  constructor(books: MemcachedBooks, index: MemcachedIndex, trees: MemcachedTrees) {
    this.#books = books
    this.#index = index
    this.#trees = trees
  }

  async create(entry: NewSession, options: CreateOptions = {}): Promise<CreateResult> {
    const { session } = entry
    const key = this.#index.bookOf(session.subject, session.id)
    if (!(await this.#claim(session.id, key))) return { status: 'duplicate' }
    const { replaces, ...rest } = options
    const elsewhere = replaces === undefined ? undefined : await this.#index.look(replaces.id)
    if (replaces === undefined || elsewhere === undefined || elsewhere === key) {
      const result = await this.#enter(key, entry, options)
      if (result.status === 'created' && replaces?.reason === 'upgraded')
        await this.#trees.moveBelow(replaces.id, session.id)
      return result
    }
    const refused = await this.#refusal(key, entry, rest)
    if (refused !== undefined) return refused
    const before = await this.#replace(elsewhere, replaces.id, entry, replaces.reason)
    const result = await this.#enter(key, entry, rest)
    if (result.status !== 'created') return result
    if (replaces.reason === 'upgraded') await this.#trees.moveBelow(replaces.id, session.id)
    return { status: 'created', ended: [...before.slice(0, 1), ...result.ended, ...before.slice(1)] }
  }

  async upgrade(id: string, to: NewSession, options: UpgradeOptions): Promise<UpgradeResult> {
    const from = await this.#index.look(id)
    if (from === undefined) return { status: 'gone' }
    const key = this.#index.bookOf(to.session.subject, to.session.id)
    const isInPlace = to.session.id === id
    const [book] = await this.#books.read([from])
    if (book === undefined) return { status: 'gone' }
    await this.#trees.settle(book, id)
    const obstacle = obstacleTo(book, id, to, options)
    if (obstacle !== undefined) return obstacle
    if (!isInPlace && !(await this.#claim(to.session.id, key))) return { status: 'duplicate' }
    if (from === key) {
      const result = await this.#insert(key, to, async (book) => {
        await this.#trees.settle(book, id)
        return book.store.upgrade(id, to, options)
      })
      if (result.status === 'created' && !isInPlace) await this.#trees.moveBelow(id, to.session.id)
      return result
    }
    const admission = options.limit === undefined ? {} : { limit: options.limit }
    const refused = await this.#refusal(key, to, admission)
    if (refused !== undefined) return refused
    return await this.#moveOver({ id, from, key }, to, options)
  }

  async restore(id: string, from: string, to: NewSession, options: RestoreOptions): Promise<RestoreResult> {
    const key = await this.#index.look(id)
    if (key === undefined) return { status: 'gone' }
    const there = await this.#index.look(to.session.id)
    const isTaken = there !== key && !(await this.#claim(to.session.id, key))
    const isLodger = await this.#trees.lodge(to.session, key)
    const step = await this.#books.change(key, async (book) => {
      await this.#trees.settle(book, id)
      const result = book.store.restore(id, from, to, options)
      if (result.status === 'spent' && isTaken) {
        book.isChanged = false
        return { result: { status: 'gone' } as const, passed: none }
      }
      if (result.status === 'spent' && isLodger) book.lodgers.add(to.session.id)
      return { result, passed: book.passed }
    })
    const result: RestoreResult = step.result
    if (result.status === 'spent') {
      await this.#relateFamily(to.session, key)
      await this.#confirm(to.session.id, key)
      await this.#trees.moveBelow(id, to.session.id)
    }
    if (result.status !== 'spent' && result.status !== 'reused') return result
    const others = result.status === 'reused' ? await this.#endFamily(result.session, key, options.at) : []
    const below = await this.#trees.endBelow(
      step.passed,
      result.status === 'spent' ? to.session.id : undefined,
    )
    return { ...result, ended: [...result.ended, ...below, ...others] }
  }

  /** Ends what else is of a family, in other books. */
  async #endFamily({ realm, family }: Session, but: string, at: Instant): Promise<readonly Session[]> {
    if (family === null) return []
    const [keys = []] = await this.#index.related('family', [family])
    const end = { at, reason: 'token_reuse' } as const
    const steps = await this.#books.changeAll(
      keys.filter((key) => key !== but),
      (book) => {
        const endings = book.table.ofFamily(realm, family).map((standing) => ({ standing, end }))
        return { ended: endTrees(book.table, endings), passed: book.passed }
      },
    )
    const below = await this.#trees.endBelow(new Map(steps.flatMap(({ passed }) => [...passed])))
    return [...steps.flatMap(({ ended }) => ended), ...below]
  }

  /** Moves somebody from one book into another: of many, one ends the old session, and only that one makes a new one. */
  async #moveOver(
    { id, from, key }: { readonly id: string; readonly from: string; readonly key: string },
    to: NewSession,
    options: UpgradeOptions,
  ): Promise<UpgradeResult> {
    const at = to.session.lastSeenAt
    const isInPlace = to.session.id === id
    const left = await this.#books.change(from, async (book) => {
      await this.#trees.settle(book, id)
      const found = book.table.found(id)
      const obstacle = obstacleTo(book, id, to, options)
      if (found === undefined || obstacle !== undefined)
        return { obstacle: obstacle ?? ({ status: 'gone' } as const) }
      book.table.moveBelow(id, to.session.id)
      if (isInPlace) book.table.remove(id)
      const ended = isInPlace ? [] : [book.table.end(found, { at, reason: 'upgraded' })]
      return { stored: storedOf(found), ended }
    })
    if (left.obstacle !== undefined) return left.obstacle
    if (isInPlace && !(await this.#claim(id, key))) return { status: 'gone' }
    const result = await this.#enter(key, to, options.limit === undefined ? {} : { limit: options.limit })
    if (result.status === 'created') {
      await this.#trees.moveBelow(id, to.session.id)
      return { status: 'created', ended: [...left.ended, ...result.ended] }
    }
    // Others filled the place meanwhile: the guest is a guest again.
    await this.#books.change(from, (book) => {
      book.table.follow({ kind: 'put', found: left.stored })
      book.isChanged = true
    })
    if (isInPlace) await this.#claim(id, from)
    return result
  }

  /** What a limit would answer, without writing anything; `undefined`: it would not refuse. */
  async #refusal(key: string, entry: NewSession, options: CreateOptions): Promise<CreateResult | undefined> {
    if (options.limit?.onExceed !== 'refuse') return undefined
    const [book] = await this.#books.read([key])
    const result = book?.store.create(entry, options)
    return result?.status === 'refused' ? result : undefined
  }

  async #replace(
    key: string,
    id: string,
    { session }: NewSession,
    reason: NonNullable<CreateOptions['replaces']>['reason'],
  ): Promise<readonly Session[]> {
    const end = { at: session.lastSeenAt, reason }
    const step = await this.#books.change(key, (book) => {
      const standing = book.table.standing(id)
      if (reason === 'upgraded') book.table.moveBelow(id, session.id)
      const endings = standing === undefined ? [] : [{ standing, end }]
      return { ended: endTrees(book.table, endings, session.id), passed: book.passed }
    })
    return [...step.ended, ...(await this.#trees.endBelow(step.passed, session.id))]
  }

  async #enter(key: string, entry: NewSession, options: CreateOptions): Promise<CreateResult> {
    return await this.#insert(key, entry, (book) => book.store.create(entry, options))
  }

  /** Runs what inserts a session into a book, and whatever goes with that in other records. */
  async #insert<R extends UpgradeResult>(
    key: string,
    { session }: NewSession,
    run: (book: OpenBook) => R | Promise<R>,
  ): Promise<R | { readonly status: 'duplicate' }> {
    const isLodger = await this.#trees.lodge(session, key)
    const step = await this.#books.change(key, async (book) => {
      const result: UpgradeResult = await run(book)
      if (result.status === 'created') {
        if (isLodger) book.lodgers.add(session.id)
        // Replaced in place, it may stand below another than before.
        else book.lodgers.delete(session.id)
      }
      return { result, passed: book.passed }
    })
    const { result } = step
    if (result.status !== 'created') return result as R
    await this.#relateFamily(session, key)
    if (!(await this.#confirm(session.id, key))) {
      await this.#books.change(key, ({ table }) => table.remove(session.id))
      return { status: 'duplicate' }
    }
    const below = await this.#trees.endBelow(step.passed, session.id)
    return { ...result, ended: [...result.ended, ...below] } as UpgradeResult as R
  }

  async #claim(id: string, key: string): Promise<boolean> {
    return await this.#index.claim(id, key, async (before) => {
      const [book] = await this.#books.read([before])
      return book?.session(id) === undefined
    })
  }

  /** False where another has claimed the id since. What stood below it before it was there lodges from now on. */
  async #confirm(id: string, key: string): Promise<boolean> {
    const below = await this.#index.confirm(id, key)
    for (const book of below ?? []) if (book !== key) await this.#books.change(book, (open) => open.lodge(id))
    return below !== undefined
  }

  async #relateFamily({ family }: Session, key: string): Promise<void> {
    if (family !== null) await this.#index.relate('family', family, key)
  }
}

/** Why a session cannot be upgraded, as `upgradeIn` judges it. */
function obstacleTo(
  book: OpenBook,
  id: string,
  to: NewSession,
  { ifRevision }: UpgradeOptions,
): UpgradeResult | undefined {
  const found = book.table.standing(id)
  if (found === undefined || !lives(found, to.session.lastSeenAt)) return { status: 'gone' }
  const { subject, activatedAt, revision } = found.session
  if (subject !== null && activatedAt !== null) return { status: 'gone' }
  return revision === ifRevision ? undefined : { status: 'conflict' }
}

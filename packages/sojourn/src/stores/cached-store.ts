import type { Instant, Millis, Session } from '../core/session.ts'
import type {
  Awaitable,
  CreateOptions,
  CreateResult,
  Elevation,
  End,
  Filter,
  FindOptions,
  Found,
  ListQuery,
  NewSession,
  Page,
  Patch,
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
import { afterwards } from './afterwards.ts'
import { CacheReads } from './cache-reads.ts'
import type { CacheSettings } from './cache-reads.ts'

/**
 * Answers `find` from what it keeps, and hands on everything else. What a verb changed is forgotten before its answer is
 * handed on, so that this node reads what it wrote; so is what it may have changed, where it failed.
 */
export class CachedStore implements Store {
  readonly name: string
  readonly declines?: NonNullable<Store['declines']>
  readonly staleness: Millis
  readonly restore?: NonNullable<Store['restore']>
  readonly changes?: NonNullable<Store['changes']>
  readonly watch?: NonNullable<Store['watch']>
  readonly #store: Store
  readonly #reads: CacheReads

  constructor(store: Store, settings: CacheSettings) {
    this.#store = store
    this.#reads = new CacheReads(store, settings)
    this.name = `cached ${store.name}`
    this.staleness = settings.staleness
    if (store.declines !== undefined) this.declines = store.declines
    const { restore, changes, watch } = store
    if (restore !== undefined) this.restore = this.#restoring(restore.bind(store))
    if (changes !== undefined) this.changes = changes.bind(store)
    if (watch !== undefined) this.watch = watch.bind(store)
  }

  get kept(): { readonly entries: number; readonly bytes: number } {
    const { size: entries, bytes } = this.#reads.entries
    return { entries, bytes }
  }

  freshness(): Millis {
    return this.#reads.freshness()
  }

  find(id: string, how?: FindOptions): Awaitable<Found | undefined> {
    return this.#reads.find(id, how)
  }

  create(entry: NewSession, options?: CreateOptions): Awaitable<CreateResult> {
    const { replaces } = options ?? {}
    const named = replaces === undefined ? [entry.session.id] : [entry.session.id, replaces.id]
    return this.#forgetting(named, () => this.#store.create(entry, options), this.#entered(replaces?.id))
  }

  touch(entries: readonly TouchEntry[]): Awaitable<void> {
    return afterwards(() => this.#store.touch(entries), {
      answered: () => {
        for (const entry of entries) this.#reads.used(entry)
      },
      failed: () => {
        for (const { id } of entries) this.#reads.forget(id)
      },
    })
  }

  upgrade(id: string, to: NewSession, options: UpgradeOptions): Awaitable<UpgradeResult> {
    return this.#forgetting(
      [id, to.session.id],
      () => this.#store.upgrade(id, to, options),
      this.#entered(id),
    )
  }

  regenerate(
    id: string,
    from: string,
    to: string,
    at: Instant,
    elevation?: Elevation,
  ): Awaitable<'regenerated' | 'lost' | 'gone'> {
    return this.#forgetting([id], () => this.#store.regenerate(id, from, to, at, elevation))
  }

  write(id: string, patch: Patch, options: WriteOptions): Awaitable<WriteResult> {
    return this.#forgetting([id], () => this.#store.write(id, patch, options))
  }

  end(which: Filter, end: End): Awaitable<readonly Session[]> {
    const named = which.id === undefined ? 'all' : [which.id]
    return this.#forgetting(
      named,
      () => this.#store.end(which, end),
      (ended) => {
        this.#ended(ended)
        // A store that tried twice names nothing of what its first try had ended.
        this.#reads.forgetMatching(which)
      },
    )
  }

  voidBefore(scope: WatermarkScope, watermark: Watermark): Awaitable<void> {
    const forget = (): void => this.#reads.forgetCovered(scope, watermark)
    return afterwards(() => this.#store.voidBefore(scope, watermark), { answered: forget, failed: forget })
  }

  list(query: ListQuery): Awaitable<Page> {
    return this.#store.list(query)
  }

  sweep(now: Instant, options: SweepOptions): Awaitable<SweepResult> {
    return this.#forgetting(
      'all',
      () => this.#store.sweep(now, options),
      ({ ended }) => this.#ended(ended),
    )
  }

  lease(job: string, holder: string, at: Instant, until: Instant): Awaitable<boolean> {
    return this.#store.lease(job, holder, at, until)
  }

  close(): Awaitable<void> {
    this.#reads.stop()
    return this.#store.close?.()
  }

  #restoring(restore: NonNullable<Store['restore']>): NonNullable<Store['restore']> {
    return (id, from, to, options) =>
      this.#forgetting(
        [id, to.session.id],
        () => restore(id, from, to, options),
        (result) => {
          if ('session' in result) this.#reads.forget(result.session.id)
          if ('ended' in result) this.#ended(result.ended)
          this.#reads.forgetBelow(id)
        },
      )
  }

  /** What a new session changed of others. What stood below the one that it replaces may stand below it now. */
  #entered(replaced: string | undefined): (result: UpgradeResult) => void {
    return (result) => {
      if (result.status !== 'created') return
      this.#ended(result.ended)
      if (replaced !== undefined) this.#reads.forgetBelow(replaced)
    }
  }

  #ended(ended: readonly Session[]): void {
    for (const { id } of ended) this.#reads.forget(id)
  }

  /** Forgets the sessions that a verb names, once it has answered, and what its answer names; where it failed with `all`, everything. */
  #forgetting<T>(
    named: readonly string[] | 'all',
    call: () => Awaitable<T>,
    also: (value: T) => void = () => {},
  ): Awaitable<T> {
    const forgetNamed = (): void => {
      if (named !== 'all') for (const id of named) this.#reads.forget(id)
    }
    return afterwards(call, {
      answered: (value) => {
        forgetNamed()
        also(value)
      },
      failed: () => {
        if (named === 'all') this.#reads.forgetAll()
        else forgetNamed()
      },
    })
  }
}

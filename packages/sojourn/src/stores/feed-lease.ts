import { SessionError } from '../core/errors.ts'
import type { Millis } from '../core/session.ts'
import type { Change, Changes, Store } from '../core/store.ts'
import { ageOf, momentOf } from './timing.ts'
import type { Moment, Timing } from './timing.ts'

/** Who wants to hear of what others do to the store. */
export interface FeedListener {
  hear(change: Change): void
  /** Changes may have been missed: whatever was kept may be wrong. */
  missed(): void
  /** The feed could not be read. It is asked again. */
  failed(error: unknown): void
}

/** How many changes are asked for at once. */
const page = 1_000

/**
 * Follows the feed of a store, and knows until when all of it was heard: everything that was committed before the beginning
 * of the last call that told of all. Silence proves nothing, so it asks regularly; a watch of the store lets it ask sooner.
 */
export class FeedLease {
  readonly #store: Store
  readonly #timing: Timing
  readonly #listener: FeedListener
  /** How often it asks, and how long it waits for an answer. */
  readonly #pace: { readonly every: Millis; readonly patience: Millis }
  #cursor: string | null = null
  #stretch = 0
  #heard: Moment | undefined
  #isAsking = false
  #askAgain = false
  /** Counts the calls, so that an answer which was given up is known when it comes. */
  #call = 0
  #state: 'new' | 'following' | 'stopped' = 'new'
  #cancel = (): void => {}
  #stopWatch = (): void => {}

  constructor(
    store: Store,
    timing: Timing,
    pace: { readonly every: Millis; readonly patience: Millis },
    listener: FeedListener,
  ) {
    this.#store = store
    this.#timing = timing
    this.#pace = pace
    this.#listener = listener
  }

  /** Names the unbroken stretch of the feed that is followed now. Each gap begins another; 0: none is yet. */
  get stretch(): number {
    return this.#stretch
  }

  /** How long ago it was at most that everything had been heard. `Infinity`: it never was. */
  age(): Millis {
    return this.#heard === undefined ? Infinity : ageOf(this.#heard, this.#timing)
  }

  /** Begins to follow, if it does not yet. A store without a feed has nothing to hear. */
  follow(): void {
    if (this.#state !== 'new') return
    this.#state = 'following'
    if (this.#store.changes === undefined) return
    this.#stopWatch = this.#store.watch?.(() => this.#ask()) ?? this.#stopWatch
    this.#ask()
  }

  stop(): void {
    this.#state = 'stopped'
    this.#heard = undefined
    this.#cancel()
    this.#stopWatch()
  }

  #ask(): void {
    if (this.#state !== 'following') return
    if (this.#isAsking) {
      this.#askAgain = true
      return
    }
    this.#cancel()
    this.#isAsking = true
    this.#askAgain = false
    const call = ++this.#call
    const begun = momentOf(this.#timing)
    const fail = (error: unknown): void => this.#fail(call, error)
    this.#cancel = this.#timing.after(this.#pace.patience, () =>
      fail(new SessionError('store_unavailable', 'the feed of changes did not answer in time')),
    )
    try {
      const answer = this.#store.changes?.(this.#cursor, page)
      if (answer instanceof Promise)
        answer.then((changes) => this.#take(call, begun, changes), fail).catch(fail)
      else if (answer !== undefined) this.#take(call, begun, answer)
    } catch (error) {
      fail(error)
    }
  }

  #take(call: number, begun: Moment, { changes, cursor, gap }: Changes): void {
    if (call !== this.#call || this.#state !== 'following') return
    if (gap) this.#listener.missed()
    if (gap || this.#cursor === null) this.#stretch++
    for (const change of changes) this.#listener.hear(change)
    this.#cursor = cursor
    const isAll = changes.length < page
    if (isAll) this.#heard = begun
    this.#isAsking = false
    if (this.#askAgain || !isAll) this.#ask()
    else this.#askLater()
  }

  #fail(call: number, error: unknown): void {
    if (call !== this.#call || this.#state !== 'following') return
    // Its answer, should it still come, is of a call that was given up.
    this.#call++
    this.#isAsking = false
    this.#askLater()
    try {
      this.#listener.failed(error)
    } catch {
      // Its own affair: it is called by a timer, where a throw would end the process.
    }
  }

  #askLater(): void {
    this.#cancel()
    this.#cancel = this.#timing.after(this.#pace.every, () => this.#ask())
  }
}

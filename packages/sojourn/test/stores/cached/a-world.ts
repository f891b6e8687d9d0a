import type { Found, Store } from '../../../src/core/store.ts'
import { cached, type Cached } from '../../../src/stores/cached.ts'
import { memory } from '../../../src/stores/memory.ts'
import type { Timing } from '../../../src/stores/timing.ts'
import { FakeClock } from '../../../src/testing/clock.ts'
import { newSession, start } from '../../../src/testing/fixtures.ts'
import { around } from '../../engine/around.ts'
import { RevocationRecord } from './revocation-record.ts'

/** What is wrong with the line between a node and the store, at this moment. */
export interface Line {
  /** How long a call takes to the store, and its answer back. */
  delay(): number
  /** No call arrives, and no answer: for `all`, or for the feed alone. */
  cut: 'all' | 'feed' | 'none'
  /** Notifications get lost. */
  isDeaf: boolean
}

/** A node: its own clocks, its own line, its own cache. */
export class WorldNode {
  readonly name: string
  readonly clock = new FakeClock(start)
  readonly line: Line = { delay: () => 1, cut: 'none', isDeaf: false }
  readonly cache: Cached
  fromMemory = 0
  /** What arrives while it stands still waits. */
  #arrived: (() => void)[] = []
  #isStopped = false

  constructor(name: string, world: World, timing: (clock: FakeClock) => Timing) {
    this.name = name
    this.cache = cached(this.#over(world), {
      staleness: world.bound,
      timing: timing(this.clock),
      onAnswer: ({ from }) => void (this.fromMemory += from === 'memory' ? 1 : 0),
    })
  }

  get isStopped(): boolean {
    return this.#isStopped
  }

  stop(): void {
    this.#isStopped = true
  }

  goOn(): void {
    this.#isStopped = false
    this.clock.advance(0)
    for (const arrive of this.#arrived.splice(0)) arrive()
  }

  advance(millis: number): void {
    if (this.#isStopped) this.clock.stall(millis)
    else this.clock.advance(millis)
  }

  #arrive(run: () => void): void {
    if (this.#isStopped) this.#arrived.push(run)
    else run()
  }

  /** The store at the other end of the line. */
  #over({ store, clock }: World): Store {
    const { line } = this
    const asked = around(store, (verb, run) => {
      const isCut = (): boolean => line.cut === 'all' || (line.cut === 'feed' && verb === 'changes')
      return new Promise((resolve, reject) => {
        clock.after(line.delay(), () => {
          if (isCut()) return
          let answer: () => void
          try {
            const value = run()
            answer = () => resolve(value)
          } catch (error) {
            answer = () => reject(error)
          }
          clock.after(line.delay(), () => {
            if (!isCut()) this.#arrive(answer)
          })
        })
      })
    })
    const watch = (grew: () => void): (() => void) | undefined =>
      store.watch?.(() => {
        if (line.isDeaf || line.cut !== 'none') return
        clock.after(line.delay(), () => this.#arrive(grew))
      })
    return new Proxy(asked, {
      get: (target, member): unknown => (member === 'watch' ? watch : Reflect.get(target, member, target)),
    })
  }
}

/** Three nodes, one store, and the true time. */
export class World {
  readonly bound = 2_000
  readonly clock = new FakeClock(start)
  readonly record = new RevocationRecord()
  readonly store: Store
  readonly nodes: readonly WorldNode[]
  #sessions: { readonly id: string; readonly subject: string; deadSince?: number }[] = []
  #made = 0

  constructor(timing: (clock: FakeClock) => Timing = (clock) => clock) {
    const kept = memory()
    this.store = around(kept, (verb, run) => {
      const answer = run()
      if (verb === 'end' || verb === 'voidBefore') this.#noteRevoked(kept)
      return answer
    })
    this.nodes = ['one', 'two', 'three'].map((name) => new WorldNode(name, this, timing))
  }

  get now(): number {
    return this.clock.now()
  }

  /** Everybody's time goes on, a millisecond at a time, and what is due happens. */
  async advance(millis: number): Promise<void> {
    for (let i = 0; i < millis; i++) {
      this.clock.advance(1)
      for (const node of this.nodes) node.advance(1)
      // Enough for the longest chain of answers that follow from one another at once.
      for (let turn = 0; turn < 12; turn++) await Promise.resolve()
    }
  }

  async begin(): Promise<void> {
    const id = `w-${++this.#made}`
    const subject = `u-${this.#made % 10}`
    await this.store.create(
      newSession({ id, subject, createdAt: this.now, idleTimeout: null, expiresAt: null }),
    )
    this.#sessions.push({ id, subject })
  }

  /** Sessions that live, or that were revoked a short while ago. */
  get sessions(): readonly { readonly id: string; readonly subject: string; readonly deadSince?: number }[] {
    return this.#sessions
  }

  /** Forgets those that were revoked long ago. */
  forgetLongDead(): void {
    this.#sessions = this.#sessions.filter(
      ({ deadSince }) => this.now - (deadSince ?? this.now) < 4 * this.bound,
    )
  }

  /** The commit is now: nobody can have heard of it. */
  #noteRevoked(kept: Store): void {
    for (const session of this.#sessions) {
      if (session.deadSince !== undefined || isActive(kept.find(session.id))) continue
      session.deadSince = this.now
      this.record.revoked(session.id, this.now)
    }
  }

  verify({ cache, name: node }: WorldNode, id: string): void {
    const { record, clock } = this
    const answered = (found: unknown): void =>
      record.verified({ id, node, answeredAt: clock.now(), isActive: isActive(found) })
    const found = cache.find(id)
    if (found instanceof Promise) found.then(answered, () => answered(undefined))
    else answered(found)
  }
}

function isActive(found: unknown): boolean {
  const answer = found as Found | undefined
  return answer !== undefined && answer.session.endedAt === null && answer.watermark === null
}

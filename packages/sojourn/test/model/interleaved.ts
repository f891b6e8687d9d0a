import assert from 'node:assert/strict'
import { deadlineOf, type Instant, type Session } from '../../src/core/session.ts'
import type { Found, Store } from '../../src/core/store.ts'
import type { Engine } from '../../src/engine/index.ts'
import type { SessionEvent } from '../../src/engine/events.ts'
import { FakeClock } from '../../src/testing/clock.ts'
import { hour, start } from '../../src/testing/fixtures.ts'
import { around } from '../engine/around.ts'
import type { Command } from './command.ts'
import { isMeant } from './life.ts'
import { aNode } from './node.ts'
import type { Outcome } from './outcome.ts'
import { Play } from './play.ts'
import type { Rules } from './rules.ts'
import { Turns } from './turns.ts'
import { countOf, Witness } from './witness.ts'

/** By how much time goes on within a group of requests at once: a store that takes longer is not waited for. */
const longestStep = 1_500

/** A command to one of the two nodes. */
export interface Asked {
  readonly command: Command
  readonly node: 0 | 1
}

/**
 * Two nodes over one store that takes its time: other requests get their turn before and after each of its steps, and time
 * goes on a little meanwhile. Only touches are written at once, since the clock may jump: activity that reaches the store after the
 * deadline that it moves is a request that was in time, and a login between the two has not counted its session.
 */
export class Interleaved {
  readonly #clock = new FakeClock(start)
  /** The longest wait that was asked for while requests are under way and that none of them may take. */
  #later = start
  readonly #play = new Play({
    now: () => this.#clock.now(),
    set: (moment) => {
      if (moment - this.#clock.now() <= longestStep) this.#clock.set(moment)
      else this.#later = Math.max(this.#later, moment)
    },
  })
  readonly #turns: Turns
  /** How often each node has crashed. What the nodes of before still hold back is lost. */
  readonly #generation: [number, number] = [0, 0]
  readonly #witness: Witness
  readonly #nodes: [Engine, Engine]
  readonly #rules: Rules
  readonly #store: Store
  /** The watermarks that were answered: whether they cover a session. */
  readonly #voided: ((session: Session) => boolean)[] = []
  /** By how much the counter of each session was raised. */
  readonly #written = new Map<string, number>()

  constructor(store: Store, rules: Rules, picks: readonly number[]) {
    this.#store = store
    // Now and then the turn of the loop ends at which touches are written.
    this.#turns = new Turns(picks, (pick) => pick % 3 === 0 && this.#clock.advance(0))
    this.#witness = new Witness(store, rules)
    this.#rules = rules
    this.#nodes = [this.#begin(0), this.#begin(1)]
  }

  /** A node goes without a farewell, at the end of a turn of its loop, and another takes its place. */
  crash(node: 0 | 1): void {
    this.#clock.advance(0)
    this.#witness.hasCrashed = true
    this.#generation[node]++
    this.#nodes[node] = this.#begin(node)
  }

  /** All at once, until all are answered. */
  async together(asked: readonly Asked[]): Promise<void> {
    await this.#turns.run(asked.map((one) => () => this.#answer(one)))
    this.#weigh()
    if (this.#later <= this.#clock.now()) return
    this.#clock.set(this.#later)
    await this.#turns.run([])
  }

  /** Writes everything down, lets time end what is left, and compares what stands with what was told. */
  async close(): Promise<void> {
    await this.#turns.run(this.#nodes.map((node) => () => node.flush()))
    const now = this.#clock.now()
    const { items } = this.#store.list({ realm: 'main', at: now, state: 'live', limit: 1_000 }) as {
      items: readonly Session[]
    }
    const live = [...this.#witness.sessions.values()].filter((session) => this.#stands(session, now))
    assert.deepEqual(
      new Set(items.map(({ id }) => id)),
      new Set(live.map(({ id }) => id)),
      'the list is true',
    )
    this.#clock.advance(hour)
    await this.#turns.run(this.#nodes.map((node) => () => node.sweep()))
    await this.#turns.run(this.#nodes.map((node) => () => node.flush()))
    this.#witness.close()
  }

  async #answer({ command, node }: Asked): Promise<void> {
    const begun = this.#clock.now()
    const known = [...this.#witness.sessions.values()]
    const isOver = (one: Session): boolean => one.endedAt !== null || this.#voided.some((mark) => mark(one))
    const over = new Map(known.filter(isOver).map((one) => [one.id, one]))
    // From here until it is answered it is open whether a watermark stands.
    if (command.does === 'void') this.#witness.mark(command.aim, begun)
    const outcome = await this.#play.run(command, this.#nodes[node])
    if (outcome.came === 'voided')
      this.#voided.push((one) => one.createdAt <= begun && isMeant(one, outcome.aim))
    this.#judge(outcome, begun, over, known)
  }

  #begin(node: 0 | 1): Engine {
    const generation = this.#generation[node]
    const distant = around(this.#store, (verb, run) => {
      if (verb !== 'touch') return this.#slow(verb, run)
      return generation === this.#generation[node] ? this.#step(verb, run) : undefined
    })
    const hear = (event: SessionEvent): void => this.#noting(() => this.#witness.hear(event))
    const fail = (error: unknown): void => this.#turns.fail(error)
    return aNode(`node ${node}, ${generation}`, distant, this.#clock, this.#rules, hear, fail)
  }

  async #slow(verb: string, run: () => unknown): Promise<unknown> {
    await this.#turns.wait()
    const answer = this.#step(verb, run)
    await this.#turns.wait()
    return answer
  }

  #step(verb: string, run: () => unknown): unknown {
    const answer = run()
    this.#noting(() => this.#witness.look(this.#clock.now(), verb))
    return answer
  }

  /** What a witness finds wrong must not reach the engine, which would take it for a fault of the store. */
  #noting(look: () => void): void {
    try {
      look()
    } catch (error) {
      this.#turns.fail(error)
    }
  }

  /** `over`, `known`: the sessions that were ended or void, and all that there were, when it was asked. */
  #judge(
    outcome: Outcome,
    begun: Instant,
    over: ReadonlyMap<string, Session>,
    known: readonly Session[],
  ): void {
    const now = this.#clock.now()
    switch (outcome.came) {
      case 'started':
        return
      case 'verified': {
        const { result, token } = outcome
        if (result.state === 'ended') this.#witness.notEarly(result.session, result.reason, result.endedAt)
        if (result.state !== 'active') return
        const { id } = result.session
        assert.equal(token.split('.')[0], id)
        assert.ok(!over.has(id), `${id} was over when it was asked for`)
        const { idleTimeout, expiresAt } = result.session
        const used = this.#witness.uses.get(id)?.to ?? result.session.createdAt
        const late = used + result.session.lag + (idleTimeout ?? Infinity)
        assert.ok(begun <= late, `${id} was over for want of use`)
        assert.ok(expiresAt === null || begun <= expiresAt, `${id} was over`)
        if (!outcome.passive) this.#witness.use(id, begun, now)
        return
      }
      case 'restored': {
        if (outcome.result.state !== 'restored') return
        const { session } = outcome.result.started
        const before = over.get(session.id)
        const reason = before === undefined ? 'idle_timeout' : (before.endReason ?? 'watermark')
        assert.equal(reason, 'idle_timeout', `${session.id} was over when it was asked for`)
        return
      }
      case 'written':
        assert.ok(!over.has(outcome.id), `${outcome.id} was over when it was written`)
        this.#written.set(outcome.id, (this.#written.get(outcome.id) ?? 0) + outcome.more)
        return
      case 'not written': {
        assert.equal(outcome.code, 'session_gone')
        const session = this.#witness.sessions.get(outcome.id)
        assert.ok(session === undefined || !this.#stands(session, now), `${outcome.id} stands`)
        return
      }
      case 'kept alive':
        if (outcome.session !== undefined) this.#witness.use(outcome.id, begun, now)
        return
      case 'ended':
        for (const session of known)
          if (isMeant(session, outcome.aim))
            assert.ok(this.#witness.isEnded(session.id), `${session.id} was meant, and stands`)
        return
      default:
    }
  }

  #stands(session: Session, now: Instant): boolean {
    const { endedAt } = session
    return endedAt === null && !this.#witness.isVoid(session) && now <= (deadlineOf(session) ?? Infinity)
  }

  /** No write was lost: every session holds what it began with, and all that was written since. */
  #weigh(): void {
    for (const [id, first] of this.#witness.first) {
      const session = this.#witness.sessions.get(id)
      if (session?.endedAt !== null) continue
      const found = this.#store.find(id) as Found | undefined
      assert.equal(countOf(found), first + (this.#written.get(id) ?? 0), `a write to ${id} was lost`)
    }
  }
}

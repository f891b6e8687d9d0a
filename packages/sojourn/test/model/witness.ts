import assert from 'node:assert/strict'
import { counts, type Instant, type Millis, type Session } from '../../src/core/session.ts'
import type { Found, Page, Store } from '../../src/core/store.ts'
import type { SessionEvent } from '../../src/engine/events.ts'
import { isMeant } from './life.ts'
import type { Aim } from './outcome.ts'
import { mostOf, regenerateEvery, retention, type Rules } from './rules.ts'

/** Looks at a store after every step that it took, and holds what it sees to what must be true at any moment. */
export class Witness {
  /** Every session that ever stood, as it was last seen. */
  readonly sessions = new Map<string, Session>()
  /** When each session was last used, at the earliest and at the latest, as far as requests were answered. */
  readonly uses = new Map<string, { readonly from: Instant; readonly to: Instant }>()
  /** What the counter of each session held when it began. */
  readonly first = new Map<string, number>()
  /** Whether a node went without writing what it held back. */
  hasCrashed = false
  readonly #rules: Rules
  readonly #store: Store
  readonly #marks: { readonly at: Instant; readonly aim: Aim }[] = []
  /** With what lag each session began: how seldom its use is written. */
  readonly #lags = new Map<string, Millis>()
  readonly #regeneratedAt = new Map<string, Instant>()
  readonly #started = new Set<string>()
  readonly #ended = new Map<string, { readonly reason: string; readonly at: Instant | null }>()

  constructor(store: Store, rules: Rules) {
    this.#store = store
    this.#rules = rules
  }

  /** Hears what the engines tell. */
  hear(event: SessionEvent): void {
    const { id } = event.type === 'login.refused' || !('session' in event) ? { id: '' } : event.session
    if (event.type === 'session.started') {
      assert.ok(!this.#started.has(id), `session ${id} was started once`)
      this.#started.add(id)
      this.#lags.set(id, event.session.lag)
    }
    if (event.type === 'session.regenerated') this.#regenerated(id, event.at)
    if (event.type !== 'session.ended') return
    this.notEarly(event.session, event.reason, event.session.endedAt ?? event.at)
    assert.ok(!this.#ended.has(id), `the end of ${id} is told of once`)
    this.#ended.set(id, { reason: event.reason, at: event.session.endedAt })
  }

  /** A request that began and was answered then was activity of the session. */
  use(id: string, from: Instant, to: Instant): void {
    const before = this.uses.get(id)
    this.uses.set(id, { from: Math.max(from, before?.from ?? from), to: Math.max(to, before?.to ?? to) })
  }

  /**
   * Nobody who was answered is out before the idle timeout is over, whichever node knows of the answer. A node that crashed
   * may have counted on another's lag, which that has cleared since: it is early by as much then.
   */
  notEarly({ id, idleTimeout }: Session, reason: string, endedAt: Instant): void {
    const used = this.uses.get(id)
    if (reason !== 'idle_timeout' || used === undefined) return
    const slack = this.hasCrashed ? (this.#lags.get(id) ?? 0) : 0
    assert.ok(endedAt + slack >= used.from + (idleTimeout ?? Infinity), `${id} was in use since`)
  }

  /** Of many that would replace a token at once, one does. */
  #regenerated(id: string, at: Instant): void {
    const before = this.#regeneratedAt.get(id) ?? -Infinity
    assert.ok(at > before + regenerateEvery, `the token of ${id} was replaced twice`)
    this.#regeneratedAt.set(id, at)
  }

  mark(aim: Aim, at: Instant): void {
    this.#marks.push({ at, aim })
  }

  look(now: Instant, verb: string): void {
    const page = this.#store.list({ realm: 'main', at: now, state: 'any', limit: 1_000 }) as Page
    const stands = new Set<string>()
    for (const session of page.items) {
      stands.add(session.id)
      const before = this.sessions.get(session.id)
      if (before === undefined)
        this.first.set(session.id, countOf(this.#store.find(session.id) as Found | undefined))
      else if (before.endedAt !== null) this.#unchanged(before, session, verb)
      if (session.endedAt === null) assert.equal(session.endReason, null)
      else assert.ok(session.endReason !== null && session.endedAt <= now, 'an end has its reason and moment')
      this.sessions.set(session.id, session)
    }
    for (const session of this.sessions.values()) if (!stands.has(session.id)) this.#gone(session, now, verb)
    this.#withinLimits(page.items, now, verb)
    this.#oneSpendable(page.items, verb)
  }

  isEnded(id: string): boolean {
    return typeof this.sessions.get(id)?.endedAt === 'number'
  }

  isVoid(session: Session): boolean {
    return this.#marks.some(({ at, aim }) => session.createdAt <= at && isMeant(session, aim))
  }

  /** At the very end, when all is over: every session has one reason, told of once, by the same word. */
  close(): void {
    for (const { id, endReason, endedAt } of this.sessions.values()) {
      assert.ok(endReason !== null, `session ${id} has ended`)
      assert.deepEqual(
        this.#ended.get(id),
        { reason: endReason, at: endedAt },
        `the end of ${id} was told of`,
      )
      assert.ok(this.#started.has(id), `the start of ${id} was told of`)
    }
  }

  /** What has ended changes no more, but for what retention takes from it. */
  #unchanged(before: Session, now: Session, verb: string): void {
    const kept = ({
      endedAt,
      endReason,
      endedBy,
      revision,
      lastSeenAt,
      lag,
      regeneratedAt,
      subject,
    }: Session) => {
      return { endedAt, endReason, endedBy, revision, lastSeenAt, lag, regeneratedAt, subject }
    }
    assert.deepEqual(kept(now), kept(before), `${verb} changed ${now.id}, which had ended`)
    if (before.rememberedUntil === null)
      assert.equal(now.rememberedUntil, null, `${verb} gave ${now.id} a way back`)
  }

  #gone({ id, endedAt }: Session, now: Instant, verb: string): void {
    assert.ok(endedAt !== null && endedAt < now - retention, `${verb} removed ${id} before its time`)
  }

  #withinLimits(sessions: readonly Session[], now: Instant, verb: string): void {
    const standing = new Map<string, number>()
    for (const session of sessions) {
      if (!counts(session, now) || this.isVoid(session)) continue
      const subject = session.subject ?? ''
      const count = (standing.get(subject) ?? 0) + 1
      standing.set(subject, count)
      assert.ok(count <= mostOf(this.#rules, subject), `${verb} left ${subject} with ${count} sessions`)
    }
  }

  #oneSpendable(sessions: readonly Session[], verb: string): void {
    const families = new Set<string>()
    for (const { family, rememberedUntil } of sessions) {
      if (family === null || rememberedUntil === null) continue
      assert.ok(!families.has(family), `${verb} left ${family} with two refresh tokens to spend`)
      families.add(family)
    }
  }
}

/** What somebody counts in the data of a session. */
export function countOf(found: Found | undefined): number {
  return Number(found?.data['count'] ?? 0)
}

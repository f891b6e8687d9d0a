import assert from 'node:assert/strict'
import type { EndReason, Instant, Session } from '../../src/core/session.ts'
import type { SessionEvent } from '../../src/engine/events.ts'
import type { Started } from '../../src/engine/start.ts'
import type { Aim } from './outcome.ts'

/** What is true of a session, told without the library's rules: from what was asked and answered, and when. */
export interface Life {
  readonly session: Session
  /** Its tokens, each replaced by the next; the last is the current one. */
  readonly tokens: string[]
  readonly refresh: string | null
  /** The last request that counted. */
  seen: Instant
  replacedAt: Instant
  /** When the current token was first presented, or, at a login, made; `null`: not yet. */
  confirmedAt: Instant | null
  end: { readonly at: Instant; readonly reason: EndReason } | null
  /** What its refresh token was spent for. */
  spent: { readonly at: Instant; readonly successor: string } | null
  /** Somebody ended it, or its family, so that nothing of it may come back. */
  closed: boolean
  /** What its counter was raised to. */
  count: number
}

export class Lives {
  readonly all = new Map<string, Life>()
  readonly #marks: { readonly at: Instant; readonly aim: Aim }[] = []

  /** `confirmed`: its token counts as presented. */
  begin({ session, token, refresh, data }: Started, confirmed: boolean): Life {
    assert.ok(!this.all.has(session.id), 'an id is given once')
    const { id, createdAt } = session
    const life: Life = {
      session,
      tokens: [token.reveal()],
      refresh: refresh?.reveal() ?? null,
      seen: createdAt,
      replacedAt: createdAt,
      confirmedAt: confirmed ? createdAt : null,
      end: null,
      spent: null,
      closed: false,
      count: Number(data['count'] ?? 0),
    }
    this.all.set(id, life)
    return life
  }

  of(id: string): Life {
    const life = this.all.get(id)
    assert.ok(life !== undefined, `session ${id} was started`)
    return life
  }

  /** The session whose token this is, and how many others have replaced it since. */
  ofToken(token: string): { readonly life: Life; readonly age: number } {
    const life = this.of(token.slice(0, token.indexOf('.')))
    return { life, age: life.tokens.length - 1 - life.tokens.indexOf(token) }
  }

  /** All that are alive, of one subject or of anybody. */
  alive(now: Instant, subject?: string): readonly Life[] {
    return [...this.all.values()].filter(
      (life) =>
        isAlive(life, this.isVoid(life), now) && (subject ?? life.session.subject) === life.session.subject,
    )
  }

  isAlive(life: Life, now: Instant): boolean {
    return isAlive(life, this.isVoid(life), now)
  }

  /** Whether a watermark covers it; one of the very moment at which it began does. */
  isVoid({ session }: Life): boolean {
    return this.#marks.some(({ at, aim }) => session.createdAt <= at && isMeant(session, aim))
  }

  /** Whether it was ended or made void at a moment: then what was held back in that moment was not written. */
  endedIn({ session, end }: Life, moment: Instant): boolean {
    return end?.at === moment || this.#marks.some(({ at, aim }) => at === moment && isMeant(session, aim))
  }

  mark(aim: Aim, at: Instant): void {
    this.#marks.push({ at, aim })
  }

  /** What matches can no longer be restored, ended before or not. */
  close(aim: Aim): void {
    for (const life of this.all.values()) if (isMeant(life.session, aim)) life.closed = true
  }

  /** Whether its refresh token, if it was not spent, opens a session. */
  isRestorable(life: Life, now: Instant): boolean {
    const { session, closed, end } = life
    if (session.rememberedUntil === null || now > session.rememberedUntil) return false
    if (closed || this.isVoid(life)) return false
    if (end !== null) return end.reason === 'idle_timeout'
    return this.isAlive(life, now) || overBy(life, now)?.reason === 'idle_timeout'
  }

  /** Notes an end that was told of: one a session, and the moment and the reason are true. */
  noteEnd({ session, reason, at }: SessionEvent & { readonly type: 'session.ended' }): void {
    const life = this.of(session.id)
    assert.equal(life.end, null, `session ${session.id} ended once, and its first reason stands`)
    assert.equal(session.endReason, reason)
    assert.ok(session.endedAt !== null && session.endedAt <= at, 'no end lies in the future')
    const over = overBy(life, at)
    // Of a void session no use is written any more, and only its latest watermark is known.
    if (this.isVoid(life)) assert.ok(session.endedAt >= session.createdAt)
    else if (reason === 'idle_timeout' || reason === 'absolute_timeout')
      assert.deepEqual({ at: session.endedAt, reason }, over, 'it ended at its deadline')
    else if (reason !== 'remember_restored')
      assert.ok(over === null || session.endedAt <= over.at, `its deadline was over before ${reason}`)
    life.end = { at: session.endedAt, reason }
  }
}

export function isMeant(session: Session, { id, except, subject, method, family }: Aim): boolean {
  return (
    (id === undefined || id === session.id) &&
    (except === undefined || except !== session.id) &&
    (subject === undefined || subject === session.subject) &&
    (method === undefined || method === session.method) &&
    (family === undefined || family === session.family)
  )
}

/** The last moment at which it is good if no request comes, and what it ends of after that. */
export function deadline({ session, seen }: Life): {
  readonly at: Instant
  readonly reason: 'idle_timeout' | 'absolute_timeout'
} {
  const idle = session.idleTimeout === null ? Infinity : seen + session.idleTimeout
  const absolute = session.expiresAt ?? Infinity
  return idle < absolute ? { at: idle, reason: 'idle_timeout' } : { at: absolute, reason: 'absolute_timeout' }
}

function overBy(life: Life, now: Instant): ReturnType<typeof deadline> | null {
  const due = deadline(life)
  return now > due.at ? due : null
}

function isAlive(life: Life, isVoid: boolean, now: Instant): boolean {
  return life.end === null && !isVoid && overBy(life, now) === null
}

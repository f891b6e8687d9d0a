import assert from 'node:assert/strict'
import type { Instant } from '../../src/core/session.ts'
import type { SessionEvent } from '../../src/engine/events.ts'
import type { Started } from '../../src/engine/start.ts'
import { deadline, isMeant, type Life, Lives } from './life.ts'
import type { Outcome } from './outcome.ts'
import { grace, mostOf, regenerateEvery, retention, type Rules } from './rules.ts'

/**
 * Knows what must come of every command where one request is served after the other, exactly: who is alive, who is let in,
 * which token opens what. Where it knows too little it leaves the question to the comparison of the stores.
 */
export class Truth {
  readonly lives = new Lives()
  readonly #rules: Rules

  constructor(rules: Rules) {
    this.#rules = rules
  }

  /** `events`: what was told while the command ran, `now`: when it ran. */
  check(outcome: Outcome, events: readonly SessionEvent[], now: Instant): void {
    const expect = this.#expected(outcome, now)
    for (const event of events) if (event.type === 'session.ended') this.lives.noteEnd(event)
    expect()
  }

  /** What is to be asserted, and noted, once the ends are. Judged by how things stood before. */
  #expected(outcome: Outcome, now: Instant): () => void {
    switch (outcome.came) {
      case 'started':
        return this.#started(outcome.started, outcome.from, now)
      case 'refused':
        return this.#refused(outcome, now)
      case 'no guest': {
        const life = this.lives.of(outcome.id)
        assert.ok(!this.lives.isAlive(life, now) || life.session.subject !== null, 'a live guest is upgraded')
        return () => {}
      }
      case 'verified':
        return this.#verified(outcome, now)
      case 'restored':
        return this.#restored(outcome, now)
      case 'restoration refused': {
        const { life } = this.#means(outcome.refresh, now)
        assert.ok(life.spent === null && this.lives.isRestorable(life, now))
        assert.equal(outcome.code, 'login_refused_by_limit')
        assert.ok(this.#excess(life.session.subject ?? '', life.session.id, now) > 0, 'there is no room')
        return () => {}
      }
      case 'written': {
        const life = this.lives.of(outcome.id)
        assert.ok(this.lives.isAlive(life, now), 'nothing is written into what is over')
        life.count += outcome.more
        assert.equal(outcome.count, life.count)
        return () => {}
      }
      case 'not written':
        assert.equal(outcome.code, 'session_gone')
        assert.ok(!this.lives.isAlive(this.lives.of(outcome.id), now), 'what is alive is written')
        return () => {}
      case 'kept alive': {
        const life = this.lives.of(outcome.id)
        assert.equal(outcome.session !== undefined, this.lives.isAlive(life, now))
        if (outcome.session !== undefined) life.seen = now
        return () => {}
      }
      case 'ended':
        return () => {
          this.lives.close(outcome.aim)
          const stand = this.lives.alive(now).filter(({ session }) => isMeant(session, outcome.aim))
          assert.deepEqual(stand, [], 'all that were meant have ended')
        }
      case 'voided':
        this.lives.mark(outcome.aim, now)
        return () => {}
      case 'listed':
        return () => this.#listed(outcome, now)
      case 'swept':
      case 'nothing':
        return () => {}
    }
  }

  #started(started: Started, from: string | null, now: Instant): () => void {
    const { subject } = started.session
    const excess = subject === null ? 0 : this.#excess(subject, from, now)
    assert.ok(excess === 0 || this.#rules.policy.onExceed !== 'deny', 'the limit has room')
    const guest = from === null ? undefined : this.lives.of(from)
    const upgrades = guest !== undefined && guest.session.subject === null && guest.count > 0
    return () => {
      const evicted = started.ended.filter(({ endReason }) => endReason === 'evicted_by_limit')
      assert.equal(evicted.length, excess, 'as many are evicted as are too many')
      if (from !== null) {
        assert.notEqual(this.lives.of(from).end, null, 'what is replaced has ended')
        this.lives.of(from).closed = true
      }
      const life = this.lives.begin(started, true)
      if (upgrades && guest.end?.reason === 'upgraded') assert.equal(life.count, guest.count)
    }
  }

  #refused({ subject, from, code }: Outcome & { readonly came: 'refused' }, now: Instant): () => void {
    const closed = mostOf(this.#rules, subject) === 0
    assert.equal(code, closed ? 'login_disabled_by_limit' : 'login_refused_by_limit')
    if (closed) return () => {}
    assert.equal(this.#rules.policy.onExceed, 'deny')
    assert.ok(this.#excess(subject, from, now) > 0, 'there is no room')
    return () => {}
  }

  /** How many have to go before one more of the subject's can stand, `without` aside. */
  #excess(subject: string, without: string | null, now: Instant): number {
    const others = this.lives.alive(now, subject).filter(({ session }) => session.id !== without)
    return Math.max(0, others.length + 1 - mostOf(this.#rules, subject))
  }

  #verified({ token, passive, result }: Outcome & { readonly came: 'verified' }, now: Instant): () => void {
    const { life, age } = this.lives.ofToken(token)
    if (age > 1 || (result.state === 'none' && isPurgeable(life, now)))
      return () => assert.deepEqual(result, { state: 'none', cause: 'unknown' })
    const alive = this.lives.isAlive(life, now)
    const isVoid = this.lives.isVoid(life)
    const reused = age === 1 && now > life.replacedAt + grace
    // In this very moment what was presented may not have been written down.
    const unsure = reused && life.confirmedAt === now
    return () => {
      if (!alive) {
        assert.ok(result.state === 'ended', `${life.session.id} is over`)
        if (!isVoid) assert.deepEqual(endOf(result), life.end ?? deadline(life))
      } else if (reused && (unsure ? result.state === 'ended' : life.confirmedAt !== null)) {
        assert.ok(result.state === 'ended')
        assert.deepEqual(endOf(result), { at: now, reason: 'token_reuse' })
        life.closed = true
      } else {
        assert.ok(result.state === 'active', `${life.session.id} is alive`)
        if (age === 1) this.#servedAgain(life, result.token?.reveal() ?? null, now)
        else this.#presented(life, result.token?.reveal() ?? null, passive, now)
        if (!passive) life.seen = now
      }
    }
  }

  /** A replaced token was presented: whoever has not shown the successor yet gets it again, nobody else does. */
  #servedAgain(life: Life, next: string | null, now: Instant): void {
    if (next === null) return assert.notEqual(life.confirmedAt, null, 'its client may lack the successor')
    assert.equal(next, life.tokens.at(-1), 'the same successor again')
    // What was presented in this very moment may not have been written down.
    assert.ok(life.confirmedAt === null || life.confirmedAt === now, 'a successor in use is handed to nobody')
  }

  /** The current token was presented, and perhaps replaced. */
  #presented(life: Life, next: string | null, passive: boolean, now: Instant): void {
    const { policy } = this.#rules
    const due = policy.regenerateEvery !== undefined && now > life.replacedAt + regenerateEvery
    assert.equal(next !== null, due && !passive, 'a token is replaced when it is due')
    if (next === null) life.confirmedAt ??= now
    else {
      life.tokens.push(next)
      life.replacedAt = now
      life.confirmedAt = null
    }
  }

  #restored({ refresh, result }: Outcome & { readonly came: 'restored' }, now: Instant): () => void {
    const { life, means } = this.#means(refresh, now)
    const successor = life.spent === null ? undefined : this.lives.of(life.spent.successor)
    const opens = this.lives.isRestorable(life, now)
    const stands = successor !== undefined && this.lives.isAlive(successor, now)
    const stood = life.end === null
    const excess = this.#excess(life.session.subject ?? '', life.session.id, now)
    return () => {
      if (result.state === 'none' && isPurgeable(life, now)) return
      switch (means) {
        case 'first': {
          assert.equal(result.state, opens ? 'restored' : 'none')
          if (result.state !== 'restored') return
          const { started } = result
          if (stood) assert.deepEqual(life.end, { at: now, reason: 'remember_restored' })
          assert.ok(excess === 0 || this.#rules.policy.onExceed !== 'deny', 'the limit has room')
          const evicted = started.ended.filter(({ endReason }) => endReason === 'evicted_by_limit')
          assert.equal(evicted.length, excess, 'as many are evicted as are too many')
          assert.equal(this.lives.begin(started, false).count, life.count, 'what was written is still there')
          life.spent = { at: now, successor: started.session.id }
          return
        }
        case 'again':
          assert.equal(result.state, stands ? 'restored' : 'none')
          if (result.state === 'restored')
            assert.equal(result.started.token.reveal(), successor?.tokens[0], 'the same session again')
          return
        case 'late':
          assert.equal(result.state, 'late')
          return
        case 'copy':
          assert.ok(result.state === 'ended' && result.reason === 'token_reuse')
          this.lives.close({ family: life.session.family ?? '' })
          assert.deepEqual(
            this.lives.alive(now).filter(({ session }) => session.family === life.session.family),
            [],
            'nobody of the family is left in',
          )
          return
        case 'over':
          assert.equal(result.state, 'none')
          return
        case 'unsure':
          if (result.state === 'ended') this.lives.close({ family: life.session.family ?? '' })
      }
    }
  }

  /** Where the answer of a token comes again, and what it led to has timed out meanwhile, that is restored in its turn. */
  #means(refresh: string, now: Instant): Meaning {
    const found = this.#meansAtFirst(refresh, now)
    if (found.means !== 'again' || found.life.spent === null) return found
    const successor = this.lives.of(found.life.spent.successor)
    if (successor.refresh === null || this.lives.isAlive(successor, now)) return found
    return this.#means(successor.refresh, now)
  }

  #meansAtFirst(refresh: string, now: Instant): Meaning {
    const { life } = this.lives.ofToken(refresh)
    const { spent, session } = life
    if (now > (session.rememberedUntil ?? -Infinity)) return { life, means: 'over' }
    if (spent === null) return { life, means: 'first' }
    const next = this.lives.of(spent.successor)
    if (now <= spent.at + grace) return { life, means: next.spent === null ? 'again' : 'late' }
    if (next.spent === null && next.confirmedAt === null) return { life, means: 'again' }
    const { confirmedAt } = next
    const unsure = confirmedAt !== null && (confirmedAt === now || this.lives.endedIn(next, confirmedAt))
    return { life, means: next.spent === null && unsure ? 'unsure' : 'copy' }
  }

  #listed({ state, ids }: Outcome & { readonly came: 'listed' }, now: Instant): void {
    assert.equal(new Set(ids).size, ids.length, 'none is listed twice')
    const all = [...this.lives.all.values()]
    const wanted = all.filter(
      (life) => state === 'any' || (state === 'live' ? this.lives.isAlive(life, now) : life.end !== null),
    )
    const missing = wanted.filter((life) => !ids.includes(life.session.id) && !isPurgeable(life, now))
    assert.deepEqual(missing, [], 'the list is complete')
    const strange = ids.filter((id) => !wanted.includes(this.lives.of(id)))
    assert.deepEqual(strange, [], 'the list is true')
  }
}

/** What a refresh token means, and of which session. */
interface Meaning {
  readonly life: Life
  readonly means: 'first' | 'again' | 'late' | 'copy' | 'over' | 'unsure'
}

/** Whether a sweep may have removed it. */
export function isPurgeable({ end, spent }: Life, now: Instant): boolean {
  return end !== null && Math.max(end.at, spent?.at ?? 0) < now - retention
}

function endOf({ reason, endedAt }: { readonly reason: string; readonly endedAt: Instant }): object {
  return { at: endedAt, reason }
}

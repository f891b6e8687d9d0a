import type { Instant, Millis } from '../core/session.ts'
import type { Clock } from '../engine/clock.ts'
import type { SessionStatus } from '../web/status.ts'
import {
  asks,
  type Countdown,
  deadlineOf,
  failed,
  heard,
  isExtendable,
  jumped,
  type Phase,
  phaseOf,
  remaining,
  untilChange,
} from './countdown.ts'
import type { Expiry } from './expiry.ts'
import { sessionFetch, type Fetch } from './refresh.ts'
import type { Channel, TabMessage } from './tabs.ts'

export interface WatchOptions {
  /** Whose page this is. It is left to nobody else. */
  readonly subject: string
  /** Says how the session stands and never extends it; `sessionStatus` as JSON. */
  readonly statusPath: string
  /** Extends it when a person says so; POST, and the same JSON. */
  readonly keepAlivePath: string
  /** How long before the end a person is warned. */
  readonly warnBefore: Millis
}

export interface WatchParts {
  readonly fetch: Fetch
  readonly clock: Clock
  /** A clock that nobody sets (`performance.now`): where the two disagree, one was set or the computer slept. */
  readonly steady: () => Millis
  readonly openChannel: (hear: (message: TabMessage) => void) => Channel
  /** Something to show has changed. */
  readonly onChange: (view: WatchView) => void
  /** Nothing of the page may stay: called once, after the server has said so. */
  readonly onEnd: (end: SessionEnd) => void
}

export interface WatchView {
  readonly phase: Phase | 'over'
  /** `null`: the session does not end by itself. */
  readonly remaining: Millis | null
  /** Whether saying "I am here" makes it longer. */
  readonly isExtendable: boolean
  /** The server could not be reached when it was asked last. */
  readonly isUnreachable: boolean
}

/** `ended`: nobody is signed in, and why. `replaced`: somebody else is, and this page is not theirs. */
export type SessionEnd = { readonly kind: 'ended'; readonly reason: string } | { readonly kind: 'replaced' }

/** Clocks drift and timers are late; more than this is a jump. */
const jump = 2_000
const longestSleep = 60_000

/**
 * One page's watch over its session. It counts by the server's time, asks the server before it believes in an end, and
 * hears from the other tabs what they learn. Asking never extends anything.
 */
export class SessionWatch {
  /** For the page's own requests: sent again where that is asked, and each answer keeps the countdown right. */
  readonly fetch: Fetch
  readonly #options: WatchOptions
  readonly #parts: WatchParts
  readonly #channel: Channel
  #countdown: Countdown
  #isOver = false
  #isVisible = true
  #isUnreachable = false
  /** The server is to be asked, whatever the countdown says. */
  #isOwed = false
  #asking: Promise<void> | undefined
  #hint: string | null = null
  #drift: Millis
  #cancel: () => void = () => {}

  /** `first`: what the page came with, and when it arrived. */
  constructor(
    first: { readonly expiry: Expiry; readonly at: Instant },
    options: WatchOptions,
    parts: WatchParts,
  ) {
    this.#options = options
    this.#parts = parts
    this.#drift = this.#driftNow()
    this.#countdown = heard(undefined, first, options.warnBefore)
    const wait = (delay: Millis): Promise<void> =>
      new Promise((resolve) => void parts.clock.after(delay, resolve))
    this.fetch = sessionFetch({
      fetch: parts.fetch,
      wait,
      onRefused: (reason) => void this.look(reason),
      // A remembered device has no countdown, though each of its sessions has an end.
      onExpiry: (expiry) => {
        if (deadlineOf(this.#countdown.expiry) !== null) this.#hear(expiry)
      },
    })
    this.#channel = parts.openChannel((message) => this.#told(message))
    this.#post(first.at)
    this.run()
  }

  get view(): WatchView {
    const { expiry } = this.#countdown
    const now = this.#parts.clock.now()
    return {
      phase: this.#isOver ? 'over' : phaseOf(this.#countdown, now),
      remaining: remaining(this.#countdown, now),
      isExtendable: isExtendable(expiry),
      isUnreachable: this.#isUnreachable,
    }
  }

  /** Looks at the clocks, shows what has changed, and sleeps until the next change. Call it when a page comes back to life. */
  run(): void {
    if (this.#isOver) return
    const { clock, onChange } = this.#parts
    const now = clock.now()
    const drift = this.#driftNow()
    if (Math.abs(drift - this.#drift) > jump) {
      this.#drift = drift
      this.#isOwed = true
      this.#countdown = jumped(this.#countdown, now)
    }
    onChange(this.view)
    const isRested = now >= this.#countdown.restUntil
    if (this.#asking === undefined && (asks(this.#countdown, now) || (this.#isOwed && isRested)))
      void this.look()
    this.#sleep(now)
  }

  /** A page that nobody sees needs no seconds. */
  show(isVisible: boolean): void {
    this.#isVisible = isVisible
    this.run()
  }

  /** Asks the server how the session stands. `reason`: what is said of an end of which the server no longer knows why. */
  look(reason: string | null = null): Promise<void> {
    this.#hint = reason ?? this.#hint
    this.#isOwed = true
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
      this.run()
    })
    return this.#asking
  }

  /** A person says that they are still here. */
  async stay(): Promise<void> {
    if (this.#isOver) return
    const headers = { 'Content-Type': 'application/json', 'X-Session-Activity': 'active' }
    const init = { method: 'POST', headers, body: '{}', cache: 'no-store' } as const
    try {
      const answer = await this.fetch(this.#options.keepAlivePath, init)
      if (answer.ok) this.#judge((await answer.json()) as SessionStatus)
      else if (answer.status !== 401) this.#isUnreachable = true
    } catch {
      this.#isUnreachable = true
    }
    this.run()
  }

  /** Tells the other tabs that something ended, where this page ends it by itself, and looks. */
  async tellEnd(reason: string): Promise<void> {
    this.#channel.post({ kind: 'look', reason })
    await this.look(reason)
  }

  close(): void {
    this.#isOver = true
    this.#cancel()
    this.#channel.close()
  }

  async #ask(): Promise<void> {
    // What asks to look while an answer is under way may know more than that answer.
    while (this.#isOwed && !this.#isOver) {
      this.#isOwed = false
      try {
        const headers = { Accept: 'application/json', 'X-Session-Activity': 'passive' }
        const answer = await this.#parts.fetch(this.#options.statusPath, { headers, cache: 'no-store' })
        if (!answer.ok) throw new Error(`status ${answer.status}`)
        this.#judge((await answer.json()) as SessionStatus)
      } catch {
        this.#isUnreachable = true
        this.#countdown = failed(this.#countdown, this.#parts.clock.now())
        this.#isOwed = true
        return
      }
    }
  }

  #judge(status: SessionStatus): void {
    if (this.#isOver) return
    if (!Number.isSafeInteger(status.now)) throw new Error('this is no status of a session')
    this.#isUnreachable = false
    const { subject, state, reason, now } = status
    if (state === 'active' && subject !== this.#options.subject) this.#end({ kind: 'replaced' })
    else if (state === 'active') this.#hear(expiryOf(status))
    else if (state === 'restorable' || (state === 'ended' && this.#comesBack(reason)))
      this.#hear({ idle: null, absolute: null, now })
    else this.#end({ kind: 'ended', reason: reason ?? this.#hint ?? 'login_required' })
  }

  /** On a device that is remembered a timeout ends nothing for the person: their next step restores the session. */
  #comesBack(reason: string | null): boolean {
    const isRemembered = deadlineOf(this.#countdown.expiry) === null
    return isRemembered && (reason === 'idle_timeout' || reason === 'absolute_timeout')
  }

  #hear(expiry: Expiry): void {
    if (this.#isOver) return
    const before = this.#countdown.expiry
    const at = this.#parts.clock.now()
    this.#countdown = heard(this.#countdown, { expiry, at }, this.#options.warnBefore)
    const after = this.#countdown.expiry
    if (after.idle !== before.idle || after.absolute !== before.absolute) this.#post(at)
    this.run()
  }

  #told(message: TabMessage): void {
    if (this.#isOver) return
    if (message.kind === 'look') void this.look(message.reason)
    else if (message.subject !== this.#options.subject) void this.look()
    else {
      this.#countdown = heard(this.#countdown, message, this.#options.warnBefore)
      this.run()
    }
  }

  #post(at: Instant): void {
    this.#channel.post({ kind: 'expiry', subject: this.#options.subject, expiry: this.#countdown.expiry, at })
  }

  #end(end: SessionEnd): void {
    this.#channel.post({ kind: 'look', reason: end.kind === 'ended' ? end.reason : null })
    this.close()
    this.#parts.onChange(this.view)
    this.#parts.onEnd(end)
  }

  #sleep(now: Instant): void {
    this.#cancel()
    if (this.#isOver) return
    const { phase, remaining: left } = this.view
    const change = untilChange(this.#countdown, now) ?? longestSleep
    const owed = this.#isOwed ? this.#countdown.restUntil - now : longestSleep
    // Whole seconds of what is left, not of the clock: the display changes when the number does.
    const second =
      left !== null && (this.#isVisible || phase === 'warning') ? left % 1_000 || 1_000 : longestSleep
    const delay = Math.max(1, Math.min(change, owed, second, longestSleep))
    this.#cancel = this.#parts.clock.after(delay, () => this.run())
  }

  #driftNow(): Millis {
    return this.#parts.clock.now() - this.#parts.steady()
  }
}

function expiryOf(status: SessionStatus): Expiry {
  const { remembered_until, idle_expires_at: idle, absolute_expires_at: absolute, now } = status
  return remembered_until === null ? { idle, absolute, now } : { idle: null, absolute: null, now }
}

import { minimiseBefore, purgeBefore } from '../core/retention.ts'
import type { Instant } from '../core/session.ts'
import { attempt, type Context, tellEnded } from './context.ts'

export interface Swept {
  /** How many expired sessions were marked as ended. */
  readonly marked: number
  /** How many ended sessions were removed after their retention. */
  readonly purged: number
  /** How many ended sessions lost what tells of a person. */
  readonly minimised: number
  /** False where another runner was at it, or has taken over, and does the rest. */
  readonly complete: boolean
}

const batch = 100
const job = 'sweep'
/** How long a runner that was cut off keeps the others from the work. */
const leaseFor = 30_000

/**
 * Marks the expired with the moment of their deadline, minimises and purges what is past its time, in bounded batches with
 * a turn of the event loop between them. It holds its realm's lease for it: of runners that are at it at once one works. `subject`:
 * only that subject's sessions, without a lease; it may be done by any number at once. It stops between two batches once
 * `signal` says so.
 */
export async function sweep(context: Context, subject?: string, signal?: AbortSignal): Promise<Swept> {
  let swept: Swept = { marked: 0, purged: 0, minimised: 0, complete: false }
  while (subject !== undefined || (await takeLease(context))) {
    const { more, ...done } = await sweepOnce(context, subject)
    swept = {
      marked: swept.marked + done.marked,
      purged: swept.purged + done.purged,
      minimised: swept.minimised + done.minimised,
      complete: !more,
    }
    if (!more || signal?.aborted === true) {
      if (subject === undefined) await releaseLease(context)
      return swept
    }
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  return { ...swept, complete: false }
}

async function sweepOnce(context: Context, subject: string | undefined) {
  const { clock, policies, realm, call } = context
  const now = clock.now()
  const options = {
    limit: batch,
    purgeBefore: purgeBefore(policies.base, now),
    minimiseBefore: minimiseBefore(policies.base, now),
    ...(subject === undefined ? { realm } : { of: { realm, subject } }),
  }
  const { ended, purged, minimised, more } = await call((store) => store.sweep(now, options))
  tellEnded(context, ended, now)
  return { marked: ended.length, purged, minimised, more }
}

function takeLease(context: Context): Promise<boolean> {
  return lease(context, context.clock.now() + leaseFor)
}

/** Whoever comes next need not wait until it has run out. */
async function releaseLease(context: Context): Promise<void> {
  await lease(context, context.clock.now() - 1)
}

async function lease({ call, clock, realm, runner }: Context, until: Instant): Promise<boolean> {
  return call((store) => store.lease(`${job}:${realm}`, runner, clock.now(), until))
}

/** Sweeps again and again, one sweep after the other; returns a function that stops it and waits until the last is over. */
export function sweepRegularly(context: Context, every: number): () => Promise<void> {
  const stop = new AbortController()
  let last: Promise<void> = Promise.resolve()
  let cancel = (): void => {}
  const schedule = (): void => {
    if (stop.signal.aborted) return
    cancel = context.clock.after(every, () => {
      last = attempt(() => sweep(context, undefined, stop.signal), context.report).then(schedule)
    })
  }
  schedule()
  return () => {
    stop.abort()
    cancel()
    return last
  }
}

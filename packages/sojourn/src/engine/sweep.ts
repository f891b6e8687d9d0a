import { attempt, type Context, tellEnded } from './context.ts'

export interface Swept {
  /** How many expired sessions were marked as ended. */
  readonly marked: number
  /** How many ended sessions were removed after their retention. */
  readonly purged: number
}

const batch = 100

/**
 * Marks the expired with the moment of their deadline and purges what is past retention, in bounded batches with a turn of
 * the event loop between them. Any number of sweepers may run at once. `subject`: only that subject's sessions. It stops
 * between two batches once `signal` says so.
 */
export async function sweep(context: Context, subject?: string, signal?: AbortSignal): Promise<Swept> {
  let marked = 0
  let purged = 0
  for (;;) {
    const now = context.clock.now()
    const purgeBefore = now - context.policies.base.retention
    const of = subject === undefined ? {} : { of: { realm: context.realm, subject } }
    const result = await context.call((store) => store.sweep(now, { limit: batch, purgeBefore, ...of }))
    tellEnded(context, result.ended, now)
    marked += result.ended.length
    purged += result.purged
    if (!result.more || signal?.aborted === true) return { marked, purged }
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
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

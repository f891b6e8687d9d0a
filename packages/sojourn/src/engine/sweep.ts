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
 * the event loop between them. Any number of sweepers may run at once. `subject`: only that subject's sessions.
 */
export async function sweep(context: Context, subject?: string): Promise<Swept> {
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
    if (!result.more) return { marked, purged }
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
}

/** Sweeps again and again; returns a function that stops it. One sweep is over before the next begins. */
export function sweepRegularly(context: Context, every: number): () => void {
  let stopped = false
  let cancel = (): void => {}
  const schedule = (): void => {
    if (stopped) return
    cancel = context.clock.after(every, () => {
      void attempt(() => sweep(context), context.report).then(schedule)
    })
  }
  schedule()
  return () => {
    stopped = true
    cancel()
  }
}

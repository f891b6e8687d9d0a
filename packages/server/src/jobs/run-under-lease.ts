import type { Clock, Millis } from 'sojourn'
import type { Database } from '../database/open-database.ts'
import type { Logger } from '../logger.ts'
import type { Job } from './job.ts'
import { giveBack, type Lease, prolongLease, takeLease } from './lease.ts'

export interface Ground {
  readonly database: Database
  readonly clock: Clock
  readonly log: Logger
  /** This node, in words that tell it from all others. */
  readonly node: string
  /** How long a node that was cut off keeps a job from the others. */
  readonly lasts: Millis
  /** Hears how each run at this node came out. */
  readonly ran?: (job: string, outcome: Outcome) => void
}

/** `busy`: another node has it, or it is not due. */
export type Outcome = 'done' | 'failed' | 'busy' | 'lost'

/** The most that is kept of an error. */
const longest = 300

/**
 * Runs a job once, if its lease can be had; prolongs the lease while it runs, and stops it once the lease is lost. What fails
 * is kept beside the job and logged, and never thrown.
 */
export async function runUnderLease(
  ground: Ground,
  job: Job,
  early: boolean,
  stop: AbortSignal,
): Promise<Outcome> {
  const { database, clock, log, node, lasts } = ground
  const lease = await takeLease(database, { job: job.name, holder: node, now: clock.now(), lasts, early })
  if (lease === undefined) return 'busy'
  const begun = clock.now()
  const kept = keeping(ground, lease)
  const signal = AbortSignal.any([stop, kept.lost])
  const ran = await attempt(job, lease, signal)
  await kept.end()
  if (ran.error !== null) log.error({ job: job.name, err: ran.failure }, 'a job failed')
  const endedAt = clock.now()
  const { rows, said, error } = ran
  const how = { endedAt, nextAt: endedAt + job.every, took: endedAt - begun, rows, said, error }
  if (!(await giveBack(database, lease, how))) {
    log.warn({ job: job.name }, 'another node has taken over a job that this one was at')
    return 'lost'
  }
  return error === null ? 'done' : 'failed'
}

async function attempt({ run }: Job, { holder, fence }: Lease, signal: AbortSignal) {
  try {
    const { rows, said = null } = await run({ holder: `${holder}#${fence}`, fence, signal })
    return { rows, said, error: null, failure: undefined }
  } catch (failure) {
    const text = failure instanceof Error ? failure.message : String(failure)
    return { rows: 0, said: null, error: (text.split('\n', 1)[0] ?? '').slice(0, longest), failure }
  }
}

/** Prolongs a lease again and again, until it is lost or given back. */
function keeping({ database, clock, log, lasts }: Ground, lease: Lease) {
  const lost = new AbortController()
  let isOver = false
  let callOff = (): void => {}
  let last: Promise<void> = Promise.resolve()
  const prolong = async (): Promise<void> => {
    try {
      if (!(await prolongLease(database, lease, clock.now() + lasts))) lost.abort()
    } catch (error) {
      log.warn({ job: lease.job, err: error }, 'a lease could not be prolonged')
    }
    wait()
  }
  const wait = (): void => {
    if (isOver || lost.signal.aborted) return
    callOff = clock.after(Math.ceil(lasts / 3), () => void (last = prolong()))
  }
  wait()
  return {
    lost: lost.signal,
    async end(): Promise<void> {
      isOver = true
      callOff()
      await last
    },
  }
}

import type { LogFields, Logger } from './logger.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { SignInMethod } from './sign-in-outcome.ts'

export interface TellsOfSignIns {
  readonly log: Logger
  readonly metrics: Metrics | undefined
}

/** Tells of a sign-in that failed: a line of the log says why and from where, the metric how many. */
export function tellFailedSignIn(
  { log, metrics }: TellsOfSignIns,
  method: SignInMethod,
  why: LogFields,
  message = 'sign-in failed',
): void {
  metrics?.signIn(method, 'failed')
  log.info({ event: 'login.failed', ...why }, message)
}

import type { LogFields, Logger } from './logger.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { IntegrationKindName } from './integrations/integration.ts'

/** How somebody signs in, or takes the second step of it. */
export type SignInMethod = 'password' | 'magic_link' | 'passkey' | 'second_step' | IntegrationKindName

/** `choose`, `second-step`: it waits for its person. `outdated`: what it was asked for with changed meanwhile. `limited`: by a limit of sessions. */
export type SignInOutcome = 'signed-in' | 'choose' | 'second-step' | 'outdated' | 'limited' | 'failed'

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

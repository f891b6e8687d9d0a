import { type Clock, createSessions, type Listener, type Sessions, type Store } from 'sojourn'
import { audit } from './audit.ts'
import type { Accounts } from './accounts/accounts.ts'
import type { Config } from './config.ts'
import type { IntegrationSubjects } from './integrations/integration-subjects.ts'
import type { Logger } from './logger.ts'
import { activityRules, takesFromElsewhere } from './routes/index.ts'

export interface SessionsParts {
  readonly store: Store
  readonly accounts: Accounts
  readonly integrationSubjects: Pick<IntegrationSubjects, 'creatorOf'>
  readonly log: Logger
  readonly clock?: Clock | undefined
  /** Hear of every event beside the log. */
  readonly listeners?: readonly Listener[]
  /** `null`: somebody else sweeps. */
  readonly sweepEvery?: null
}

/** The sessions of the server's people, each under its account's own limit. */
export function openSessions(
  config: Config,
  { store, accounts, integrationSubjects, log, clock, listeners = [], ...more }: SessionsParts,
): Sessions<object> {
  return createSessions<object>({
    store,
    policy: config.policy,
    secret: config.secret,
    loginPath: config.loginPath,
    trustProxy: config.trustProxy,
    activity: activityRules,
    acceptCrossSite: takesFromElsewhere,
    onEvent: [audit(log), ...listeners],
    onError: (error) => log.error({ err: error }, 'a session could not be kept up'),
    onWarning: (text) => log.warn({}, text),
    async subjectPolicy(id) {
      const limit = (await accounts.find(id))?.sessionLimit ?? null
      return limit === null ? undefined : { limit }
    },
    subjectIntegration: (id) => integrationSubjects.creatorOf(id),
    ...more,
    ...(clock === undefined ? {} : { clock }),
  })
}

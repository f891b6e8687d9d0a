import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { PolicyInput, Sessions, Visit } from 'sojourn'
import type { Account } from './accounts/account.ts'
import type { Accounts } from './accounts/accounts.ts'
import type { KnownDevices } from './accounts/known-devices.ts'
import type { Lockout } from './accounts/lockout.ts'
import type { MailLimit } from './accounts/mail-limit.ts'
import type { Config } from './config.ts'
import type { Database } from './database/open-database.ts'
import type { DeniedLogins } from './denied/denied-logins.ts'
import type { KnownAccounts } from './forward/known-accounts.ts'
import type { Factors } from './factors/factors.ts'
import type { IntegrationSessions } from './integrations/integration-sessions.ts'
import type { IntegrationSubjects } from './integrations/integration-subjects.ts'
import type { Integrations } from './integrations/integrations.ts'
import type { ApiKey } from './keys/api-key.ts'
import type { Keys } from './keys/keys.ts'
import type { Events } from './open-events.ts'
import type { Outbox } from './outbox/outbox.ts'
import type { Links } from './links/links.ts'
import type { PlatformKeys } from './lti/platform-keys.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { Mailbox } from './mail/mailbox.ts'
import type { PostOffice } from './mail/post-office.ts'
import type { Places } from './places/places.ts'
import type { DepartureLimit } from './round-trips/departure-limit.ts'
import type { RoundTrips } from './round-trips/round-trips.ts'
import type { PolicyFault } from './settings/check-policy.ts'

/** What the routes work with. */
export interface Parts extends Events {
  readonly config: Config
  readonly sessions: Sessions<object>
  /** The kind of the session store, for who looks after it; never where it is. */
  readonly storeName: string
  readonly accounts: Accounts
  readonly lockout: Lockout
  readonly devices: KnownDevices
  readonly links: Links
  readonly factors: Factors
  readonly keys: Keys
  /** The accounts as other back ends are told of them. */
  readonly knownAccounts: KnownAccounts
  readonly mailLimit: MailLimit
  readonly deniedLogins: DeniedLogins
  readonly outbox: Outbox
  readonly integrations: Integrations
  readonly integrationSubjects: IntegrationSubjects
  readonly integrationSessions: IntegrationSessions
  /** Sign-ins that are away at another site. */
  readonly roundTrips: RoundTrips
  readonly departures: DepartureLimit
  readonly platformKeys: PlatformKeys
  /** `undefined`: this server sends no mail. */
  readonly mailer: PostOffice | undefined
  /** Where a demo keeps what it sent. */
  readonly mailbox: Mailbox | undefined
  /** Where addresses are. */
  readonly places: Places
  readonly database: Database
  /** Says why this server could not go by a policy. */
  readonly tryPolicy: (policy: PolicyInput) => PolicyFault | undefined
  /** Goes by the settings as they are now, on this node. */
  readonly reload: () => Promise<void>
  readonly log: Logger
  /** `undefined`: nothing is measured. */
  readonly metrics: Metrics | undefined
}

/** What a request brings along. */
export interface Env {
  readonly Bindings: HttpBindings
  readonly Variables: {
    /** The session of whoever asks. */
    session: Visit<object>
    /** Whose session it is; set where somebody is signed in. */
    account: Account | undefined
    /** The key of a program, where a route asks for one. */
    apiKey: ApiKey | undefined
  }
}
export type Asked = Context<Env>

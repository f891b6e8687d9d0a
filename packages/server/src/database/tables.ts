import type { Instant } from 'sojourn'
import type { EventKeysTable } from '../caep/event-keys-table.ts'
import type { DeniedLoginsTable } from '../denied/denied-logins-table.ts'
import type {
  PasskeysTable,
  RecoveryCodesTable,
  SpentChallengesTable,
  TotpTable,
} from '../factors/factors-tables.ts'
import type {
  IntegrationSessionsTable,
  IntegrationsTable,
  IntegrationSubjectsTable,
} from '../integrations/integrations-tables.ts'
import type { JobsTable } from '../jobs/jobs-table.ts'
import type { ApiKeysTable } from '../keys/api-keys-table.ts'
import type { LinksTable } from '../links/links-table.ts'
import type { RoundTripsTable, TakenAssertionsTable } from '../round-trips/round-trips-tables.ts'
import type { DeliveriesTable, OutboxEventsTable, OutboxMarksTable } from '../outbox/outbox-tables.ts'
import type { SettingRevisionsTable, SettingsTable } from '../settings/settings-tables.ts'
import type { WebhooksTable } from '../webhooks/webhooks-table.ts'

export interface AccountsTable {
  readonly id: string
  /** As it was written, for people. */
  readonly email: string
  /** As it is compared: see `emailKey`. Unique. */
  readonly email_key: string
  readonly name: string
  /** A PHC string; `null`: no password opens this account. */
  readonly password_hash: string | null
  /** A JSON array of role names. */
  readonly roles: string
  /** The account's own limit of live sessions: `null` inherits, 0 prevents login. */
  readonly session_limit: number | null
  readonly disabled_at: Instant | null
  readonly created_at: Instant
  readonly phone: string | null
  /** When a link that was sent to the address was used; `null`: nobody has shown that it is theirs. */
  readonly email_verified_at: Instant | null
  /** Raised at every change of password, address or number. */
  readonly credential_revision: number
}

/** One counter for each account that was tried and each address that tried. */
export interface LoginFailuresTable {
  readonly key: string
  readonly failures: number
  readonly last_at: Instant
}

/** What all servers of one database are to notice, and how often it was changed. */
export interface RevisionsTable {
  readonly name: string
  readonly revision: number
}

/** The server's own tables. Sessions are not among them: they have stores of their own. */
export interface Tables {
  readonly accounts: AccountsTable
  readonly api_keys: ApiKeysTable
  readonly deliveries: DeliveriesTable
  readonly denied_logins: DeniedLoginsTable
  readonly event_keys: EventKeysTable
  readonly integrations: IntegrationsTable
  readonly integration_sessions: IntegrationSessionsTable
  readonly integration_subjects: IntegrationSubjectsTable
  readonly jobs: JobsTable
  readonly login_failures: LoginFailuresTable
  readonly links: LinksTable
  readonly outbox_events: OutboxEventsTable
  readonly outbox_marks: OutboxMarksTable
  readonly passkeys: PasskeysTable
  readonly recovery_codes: RecoveryCodesTable
  readonly revisions: RevisionsTable
  readonly round_trips: RoundTripsTable
  readonly settings: SettingsTable
  readonly setting_revisions: SettingRevisionsTable
  readonly spent_challenges: SpentChallengesTable
  readonly taken_assertions: TakenAssertionsTable
  readonly totp: TotpTable
  readonly webhooks: WebhooksTable
}

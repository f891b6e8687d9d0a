import type { Instant } from 'sojourn'
import type { IntegrationKindName } from './integration.ts'

/** Who may vouch for people. */
export interface IntegrationsTable {
  /** Names it in addresses and policies; never given twice. */
  readonly id: string
  readonly kind: IntegrationKindName
  /** For people. */
  readonly name: string
  /** 1 or 0. */
  readonly enabled: number
  /** As JSON, as the schema of its kind reads it. */
  readonly settings: string
  /** Raised by every change. */
  readonly revision: number
  readonly created_at: Instant
  readonly updated_at: Instant
}

/** Whom an integration knows by which name. It outlives the integration. */
export interface IntegrationSubjectsTable {
  readonly integration_id: string
  /** Unique in its integration. */
  readonly external_id: string
  /** The row goes with it. */
  readonly account_id: string
  /** 1: the account was made for it, and is of the integration's layer of the policy. */
  readonly created: number
  /** 1: the account is a visitor's who will not be known again; it goes once no session of it lives. */
  readonly visit: number
  readonly linked_at: Instant
  /** When it was last seen that a session of it lives. */
  readonly checked_at: Instant
}

/** Which integration began a session. It outlives the integration. */
export interface IntegrationSessionsTable {
  readonly session_id: string
  readonly integration_id: string
  /** When it was last seen that the session lives. */
  readonly checked_at: Instant
}

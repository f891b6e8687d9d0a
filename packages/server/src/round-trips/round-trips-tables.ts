import type { Instant } from 'sojourn'

/** Sign-ins that went to another site, and have not expired. */
export interface RoundTripsTable {
  /** What the other site gives back: `state` of OpenID Connect, `RelayState` of SAML. It opens nothing without the browser's cookie. */
  readonly id: string
  readonly integration: string
  /** The hash of what the browser holds that began it. */
  readonly browser: string
  /** What the other site must put into what it signs. */
  readonly nonce: string
  /** Where to go afterwards: a path that has been checked. */
  readonly return_to: string | null
  /** The public id of the session that the browser had when it left. */
  readonly session: string | null
  readonly expires_at: Instant
  readonly used_at: Instant | null
}

/** Assertions that were taken, until nobody would believe them any more. */
export interface TakenAssertionsTable {
  /** A hash over the integration and the id of the assertion. */
  readonly key: string
  readonly expires_at: Instant
}

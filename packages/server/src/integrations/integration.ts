import type { Instant } from 'sojourn'

/** The ways in by somebody else's word. All of them are for this visit alone: a session of theirs is never remembered (SLI-05). */
export const integrationKindNames = ['ip', 'referer', 'lti', 'saml'] as const
export type IntegrationKindName = (typeof integrationKindNames)[number]

/** One institution, site, platform or identity provider whose word opens sessions. */
export interface Integration {
  /** Names it in addresses and policies; never given twice. */
  readonly id: string
  readonly kind: IntegrationKindName
  /** For people. */
  readonly name: string
  readonly enabled: boolean
  /** As the schema of its kind has read it. */
  readonly settings: object
  /** Raised by every change: who changes it says which one they had in view. */
  readonly revision: number
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

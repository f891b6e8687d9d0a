import { type Options, span } from './option.ts'
import type { Millis } from './session.ts'

export interface RetentionPolicy {
  /** How long an ended session is kept, so that somebody can still be told why it ended. */
  readonly retention: Millis
}

export const retentionOptions = {
  retention: span('30d', 'How long an ended session is kept before it is purged.'),
} satisfies Options<RetentionPolicy>

import { flag, type Options, span } from './option.ts'
import type { Millis } from './session.ts'

export interface RetentionPolicy {
  /** How long an ended session is kept, so that somebody can still be told why it ended. */
  readonly retention: Millis
  /** Whether a touch of a live session also sweeps its subject's others, as Rodauth's check does. */
  readonly sweepOnTouch: boolean
}

export const retentionOptions = {
  retention: span('30d', 'How long an ended session is kept before it is purged.', 'zero'),
  sweepOnTouch: flag(
    false,
    "Whether the activity of one session also ends its subject's expired ones, before the next sweep does.",
  ),
} satisfies Options<RetentionPolicy>

import { choice, type Options, span } from './option.ts'
import type { Millis } from './session.ts'

export interface AvailabilityPolicy {
  /** How long a request waits for the store. */
  readonly storeTimeout: Millis
  /** What a request gets whose session could not be looked up: a refusal, or the answer for a guest who cannot write. */
  readonly onStoreError: 'refuse' | 'guest'
}

export const availabilityOptions = {
  storeTimeout: span('2s', 'How long a request waits for the store before it is answered without.'),
  onStoreError: choice(
    ['refuse', 'guest'],
    'refuse',
    'Whether a request is refused (503) or served as a guest while the store is down.',
  ),
} satisfies Options<AvailabilityPolicy>

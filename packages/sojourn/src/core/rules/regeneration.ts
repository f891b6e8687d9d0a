import { type Options, span, spanOrNull } from '../option.ts'
import type { Instant, Millis, Session } from '../session.ts'

export interface RegenerationPolicy {
  /** How old a token may grow before a request gets a new one for the same session. `null`: only at login. */
  readonly regenerateEvery: Millis | null
  /** How long a replaced token still works, counted from its replacement; it never slides. */
  readonly regenerationGrace: Millis
}

export const regenerationOptions = {
  regenerateEvery: spanOrNull(null, 'How old a token may grow before it is replaced by a new one.'),
  regenerationGrace: span(
    '20s',
    'How long a replaced token still works, for requests that were under way.',
    'zero',
  ),
} satisfies Options<RegenerationPolicy>

/** Ends nothing: it tells whether the token is due for replacement. Due once the interval has passed. */
export function regenerationDue(
  session: Session,
  { regenerateEvery }: RegenerationPolicy,
  now: Instant,
): boolean {
  return regenerateEvery !== null && now > session.regeneratedAt + regenerateEvery
}

/**
 * What a token means that was replaced: another request of the same moment (`grace`); a client whose answer with the
 * successor was lost, since nobody has presented that yet (`lost_response`); or a copy (`reused`). The first two get the
 * same successor again. `confirmed`: the successor has been presented. Grace counts from the replacement and never slides.
 */
export function judgeReplaced(
  session: Session,
  confirmed: boolean,
  { regenerationGrace }: RegenerationPolicy,
  now: Instant,
): 'grace' | 'lost_response' | 'reused' {
  if (now <= session.regeneratedAt + regenerationGrace) return 'grace'
  return confirmed ? 'reused' : 'lost_response'
}

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
 * What a token means that was replaced. Until somebody has presented the successor (`confirmed`) it is a client that has not
 * got it yet, which gets the same one again, however late (`lost_response`). After that it is a request that was under way
 * (`grace`): it is served, and given no token, for its client has the successor by now and nobody else may have it. Grace
 * counts from the replacement and never slides. Later it is a copy (`reused`).
 */
export function judgeReplaced(
  session: Session,
  confirmed: boolean,
  { regenerationGrace }: RegenerationPolicy,
  now: Instant,
): 'lost_response' | 'grace' | 'reused' {
  if (!confirmed) return 'lost_response'
  return now <= session.regeneratedAt + regenerationGrace ? 'grace' : 'reused'
}

import type { Instant } from '../core/session.ts'

/** What a client is told of the end of its session, by the server's clock. */
export interface Expiry {
  /** When the session ends if nothing further happens; `null`: not by itself. */
  readonly idle: Instant | null
  /** When it ends whatever happens; `null`: no limit. */
  readonly absolute: Instant | null
  readonly now: Instant
}

/**
 * The value of `Session-Expires`: a dictionary of RFC 9651 with the members `idle`, `absolute` and `now`, each an integer of
 * epoch milliseconds, or `?0` where there is no limit. All are always there, so that of several lines the last one holds
 * alone. A client counts down from `idle` minus `now` and needs no clock that is right.
 */
export function sessionExpires({ idle, absolute, now }: Expiry): string {
  return `idle=${item(idle)}, absolute=${item(absolute)}, now=${item(now)}`
}

function item(moment: Instant | null): string {
  return moment === null ? '?0' : String(moment)
}

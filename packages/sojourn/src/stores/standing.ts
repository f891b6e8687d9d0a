import { isLive } from '../core/session.ts'
import type { Instant, Session } from '../core/session.ts'
import type { Watermark } from '../core/store.ts'

/** A record with the watermark that covers it: enough to judge whether it lives. */
export interface Standing {
  readonly session: Session
  readonly watermark: Watermark | null
}

/** Live, and not covered by a watermark. */
export function lives({ session, watermark }: Standing, at: Instant): boolean {
  return watermark === null && isLive(session, at)
}

import { mayRestore } from './remember.ts'
import { deadlineOf, timeoutOf } from './session.ts'
import type { EndReason, Instant, Session } from './session.ts'
import type { End, Watermark, WatermarkScope } from './store.ts'

/** Whether a watermark of this scope makes the session void. A tie is covered, so that it fails closed. */
export function covers(scope: WatermarkScope, watermark: Watermark, session: Session): boolean {
  return (
    session.createdAt <= watermark.at &&
    scope.realm === session.realm &&
    (scope.subject === undefined || scope.subject === session.subject) &&
    (scope.method === undefined || scope.method === session.method) &&
    (scope.policy === undefined || scope.policy === session.policy)
  )
}

/**
 * When and why a session that nobody ended was over at `at`; `null` while it is live. `watermark` is the one that covers it,
 * or `null`. Of deadline and watermark the earlier counts, at a tie the watermark: at its deadline a session still stands.
 */
export function overBy(
  session: Session,
  watermark: Watermark | null,
  at: Instant,
): { readonly at: Instant; readonly reason: EndReason } | null {
  const deadline = deadlineOf(session)
  if (watermark !== null) {
    // A watermark of a faster clock may lie ahead; no end lies in the future.
    const moment = Math.min(watermark.at, at)
    if (deadline === null || moment <= deadline) return { at: moment, reason: watermark.reason }
  }
  return deadline !== null && at > deadline ? { at: deadline, reason: timeoutOf(session) } : null
}

/**
 * The session as ended: by `end`, or, where it was over before, by what was first. It can still be restored only where that
 * was for want of use.
 */
export function ended(session: Session, watermark: Watermark | null, end: End): Session {
  const over = overBy(session, watermark, end.at)
  const { at, reason } = over ?? end
  return Object.freeze({
    ...session,
    endedAt: at,
    endReason: reason,
    endedBy: over === null ? (end.by ?? null) : null,
    rememberedUntil: mayRestore(reason) ? session.rememberedUntil : null,
  })
}

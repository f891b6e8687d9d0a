import { invalidOption } from '../core/errors.ts'
import { judgeRefresh } from '../core/remember.ts'
import type { Refresh, Successor } from '../core/remember.ts'
import { isRestorable } from '../core/session.ts'
import type { Instant, Session } from '../core/session.ts'
import type { Found, NewSession, RestoreOptions, RestoreResult } from '../core/store.ts'
import { evictions, judgeAdmission } from './admit.ts'
import type { AdmittingTable } from './admit.ts'
import { endTrees } from './end-trees.ts'
import { lives } from './standing.ts'
import type { Standing } from './standing.ts'

/** What restoring needs of a table. */
export interface RestoringTable extends AdmittingTable {
  found(id: string): Found | undefined
  /** All of a family in a realm, ended or not. */
  ofFamily(realm: string, family: string): readonly Standing[]
  /** Notes what the refresh token of a session was spent for, and how the session stands from then on. */
  spend(session: Session, refresh: Refresh): void
}

/** `Store.restore` over a table. */
export function restoreIn(
  table: RestoringTable,
  id: string,
  from: string,
  to: NewSession,
  options: RestoreOptions,
): RestoreResult {
  const { at, grace } = options
  const found = table.found(id)
  if (found?.refresh === undefined || found.refresh.hash !== from) return { status: 'gone' }
  const { refresh, session } = found
  const { realm, family } = session
  if (family === null) return { status: 'gone' }
  const successor = refresh.successor === null ? undefined : table.found(refresh.successor)
  const means = judgeRefresh(refresh, factsOf(successor), grace, at)
  switch (means) {
    case 'expired':
      return { status: 'gone' }
    case 'late':
      return { status: 'late' }
    case 'grace':
    case 'lost_response':
      return successor === undefined || !opens(successor, at)
        ? { status: 'gone' }
        : { status: means, session: successor.session }
    case 'reused':
      return endFamily(table, { realm, family }, (successor ?? found).session.id, at)
    case 'spent':
      return opens(found, at) ? spend(table, found, refresh, to, options) : { status: 'gone' }
  }
}

/** A session that was purged counts as used and confirmed. */
function factsOf(successor: Found | undefined): Successor {
  if (successor === undefined) return { used: true, confirmed: true }
  const { refresh, confirmed } = successor
  return { used: refresh !== undefined && refresh.usedAt !== null, confirmed }
}

/** Whether a session is live, or its refresh token leads to one that is. */
function opens(found: Standing, at: Instant): boolean {
  return lives(found, at) || (found.watermark === null && isRestorable(found.session, at))
}

function spend(
  table: RestoringTable,
  { session: predecessor }: Found,
  refresh: Refresh,
  to: NewSession,
  { at, limit }: RestoreOptions,
): RestoreResult {
  const { id } = predecessor
  for (const key of ['realm', 'subject', 'family'] as const) {
    if (to.session[key] !== predecessor[key])
      throw invalidOption(`to.session.${key}`, `the predecessor's, ${predecessor[key]}`, to.session[key])
  }
  if (table.standing(to.session.id) !== undefined) return { status: 'gone' }
  const admission = judgeAdmission(table, to.session, { limit, at, without: id })
  if (admission.may === 'not') return { status: 'refused', live: admission.live }
  table.admit(to, { confirmed: false, spared: id })
  const stands = predecessor.endedAt === null
  const spent: Session = Object.freeze({
    ...predecessor,
    rememberedUntil: null,
    ...(stands ? ({ endedAt: at, endReason: 'remember_restored', endedBy: null } as const) : {}),
  })
  table.spend(spent, Object.freeze({ ...refresh, usedAt: at, successor: to.session.id }))
  table.moveBelow(id, to.session.id)
  const evicted = endTrees(table, evictions(table, admission.excess, at), to.session.id)
  return { status: 'spent', ended: stands ? [spent, ...evicted] : evicted }
}

/** Ends a family, and tells of one session of it as it then is. */
function endFamily(
  table: RestoringTable,
  { realm, family }: { readonly realm: string; readonly family: string },
  told: string,
  at: Instant,
): RestoreResult {
  const end = { at, reason: 'token_reuse' } as const
  const ended = endTrees(
    table,
    table.ofFamily(realm, family).map((standing) => ({ standing, end })),
  )
  const session = table.standing(told)?.session
  if (session === undefined) throw new TypeError(`No session ${told} to tell of`)
  return { status: 'reused', session, ended }
}

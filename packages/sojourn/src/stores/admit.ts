import { byUnseen } from '../core/by-unseen.ts'
import { counts } from '../core/session.ts'
import type { Instant, Session } from '../core/session.ts'
import type {
  CreateOptions,
  CreateResult,
  Limit,
  NewSession,
  UpgradeOptions,
  UpgradeResult,
} from '../core/store.ts'
import { endTrees } from './end-trees.ts'
import type { Ending, EndingTable } from './end-trees.ts'
import { lives } from './standing.ts'
import type { Standing } from './standing.ts'

/** What admission needs of a table. A store that answers at once does a whole verb in one step over it. */
export interface AdmittingTable extends EndingTable {
  standing(id: string): Standing | undefined
  /** All of a subject's in a realm that have not ended, and perhaps more. */
  ofSubject(realm: string, subject: string): readonly Standing[]
  /** Inserts the entry, or puts it in the place of the session with the same id. Throws before anything else is written. */
  admit(entry: NewSession, how: Admitted): void
  /** What stood below one session stands below another. */
  moveBelow(from: string, to: string): void
}

export interface Admitted {
  /** Whether its secret counts as presented. */
  readonly confirmed: boolean
  /** A session that is not removed to make room. */
  readonly spared: string | undefined
}

/** Whom a limit lets in. `excess` ends for it, in order of eviction. */
export type Admission =
  | { readonly may: 'enter'; readonly excess: readonly Standing[] }
  | { readonly may: 'not'; readonly live: readonly Session[] }

/** `Store.create` over a table. */
export function createIn(
  table: AdmittingTable,
  entry: NewSession,
  options: CreateOptions = {},
): CreateResult {
  if (table.standing(entry.session.id) !== undefined) return { status: 'duplicate' }
  return admit(table, entry, options)
}

/** `Store.upgrade` over a table. */
export function upgradeIn(
  table: AdmittingTable,
  id: string,
  to: NewSession,
  options: UpgradeOptions,
): UpgradeResult {
  const { limit, ifRevision } = options
  const found = table.standing(id)
  if (found === undefined || !lives(found, to.session.lastSeenAt)) return { status: 'gone' }
  const { subject, activatedAt, revision } = found.session
  if (subject !== null && activatedAt !== null) return { status: 'gone' }
  if (revision !== ifRevision) return { status: 'conflict' }
  const admission = limit === undefined ? {} : { limit }
  if (to.session.id === id) return admit(table, to, admission)
  return createIn(table, to, { ...admission, replaces: { id, reason: 'upgraded' } })
}

/** Judges a new session under a limit, at a moment. `without` is not counted. */
export function judgeAdmission(
  table: AdmittingTable,
  entering: Session,
  { limit, at, without }: { limit: Limit | undefined; at: Instant; without: string | undefined },
): Admission {
  if (limit === undefined || !counts(entering, at)) return { may: 'enter', excess: [] }
  const siblings = table
    .ofSubject(entering.realm, entering.subject ?? '')
    .filter(({ session }) => session.id !== entering.id && session.id !== without)
    .filter(({ session, watermark }) => watermark === null && counts(session, at))
    .toSorted((a, b) => byUnseen(a.session, b.session))
  const excess = Math.max(0, siblings.length + 1 - limit.most)
  if (excess === 0 || limit.onExceed === 'evict') return { may: 'enter', excess: siblings.slice(0, excess) }
  return { may: 'not', live: siblings.map(({ session }) => session) }
}

/** The ends of those that a limit has no room for. They are looked up again: one may have moved below the new session. */
export function evictions(
  table: AdmittingTable,
  excess: readonly Standing[],
  at: Instant,
): readonly Ending[] {
  return excess
    .flatMap(({ session }) => table.standing(session.id) ?? [])
    .map((standing) => ({ standing, end: { at, reason: 'evicted_by_limit' } }))
}

function admit(table: AdmittingTable, entry: NewSession, { limit, replaces }: CreateOptions): CreateResult {
  const { id, lastSeenAt: at } = entry.session
  const admission = judgeAdmission(table, entry.session, { limit, at, without: replaces?.id })
  if (admission.may === 'not') return { status: 'refused', live: admission.live }
  table.admit(entry, { confirmed: true, spared: replaces?.id })
  const endings: Ending[] = []
  if (replaces !== undefined) {
    const replaced = table.standing(replaces.id)
    if (replaces.reason === 'upgraded') table.moveBelow(replaces.id, id)
    if (replaced !== undefined) endings.push({ standing: replaced, end: { at, reason: replaces.reason } })
  }
  endings.push(...evictions(table, admission.excess, at))
  return { status: 'created', ended: endTrees(table, endings, id) }
}

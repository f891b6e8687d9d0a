import { isLive } from '../core/session.ts'
import type { Instant, Session } from '../core/session.ts'
import type { CreateOptions, CreateResult, End, NewSession } from '../core/store.ts'
import type { UpgradeOptions, UpgradeResult, Watermark } from '../core/store.ts'

/** A record with the watermark that covers it: enough to judge whether it lives. */
export interface Standing {
  readonly session: Session
  readonly watermark: Watermark | null
}

/** What admission needs of a table. A store that answers at once does a whole verb in one step over it. */
export interface AdmittingTable {
  standing(id: string): Standing | undefined
  /** All of a subject's in a realm that have not ended, and perhaps more. */
  ofSubject(realm: string, subject: string): readonly Standing[]
  end(standing: Standing, end: End): Session
  /** Inserts the entry, or puts it in the place of the session with the same id. Throws before anything else is written. */
  admit(entry: NewSession, spared: string | undefined): void
}

/** The order of eviction: longest unseen first, then oldest, then by id. */
export function byUnseen(a: Session, b: Session): number {
  return a.lastSeenAt - b.lastSeenAt || a.createdAt - b.createdAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

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

/** Live, and not covered by a watermark. */
export function lives({ session, watermark }: Standing, at: Instant): boolean {
  return watermark === null && isLive(session, at)
}

function admit(table: AdmittingTable, entry: NewSession, { limit, replaces }: CreateOptions): CreateResult {
  const at = entry.session.lastSeenAt
  const siblings = limit === undefined ? [] : siblingsOf(table, entry.session, replaces?.id)
  const excess = limit === undefined ? 0 : Math.max(0, siblings.length + 1 - limit.most)
  if (excess > 0 && limit?.onExceed === 'refuse') {
    return { status: 'refused', live: siblings.map(({ session }) => session) }
  }
  table.admit(entry, replaces?.id)
  const ended: Session[] = []
  const replaced = replaces && table.standing(replaces.id)
  if (replaces !== undefined && replaced?.session.endedAt === null) {
    ended.push(table.end(replaced, { at, reason: replaces.reason }))
  }
  for (const sibling of siblings.slice(0, excess))
    ended.push(table.end(sibling, { at, reason: 'evicted_by_limit' }))
  return { status: 'created', ended }
}

/** What a limit counts beside a new session, in order of eviction; none where it does not count the new one. */
function siblingsOf(table: AdmittingTable, entering: Session, gone: string | undefined): readonly Standing[] {
  const { id, realm, subject, activatedAt, lastSeenAt } = entering
  if (subject === null || activatedAt === null) return []
  return table
    .ofSubject(realm, subject)
    .filter(({ session }) => session.id !== id && session.id !== gone)
    .filter((standing) => standing.session.activatedAt !== null && lives(standing, lastSeenAt))
    .toSorted((a, b) => byUnseen(a.session, b.session))
}

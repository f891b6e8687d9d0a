import type { Instant } from '../../core/session.ts'
import type { Limit, NewSession, RestoreResult, Store } from '../../core/store.ts'
import { day, newSession, second, type SessionFields, start } from '../fixtures.ts'
import { restore } from './law.ts'

export const grace = 20 * second

/** A login whose device is remembered for 30 days. */
export function login(id: string, fields: SessionFields = {}): NewSession {
  return newSession({ id, family: id, rememberedUntil: start + 30 * day, ...fields })
}

/** What a session is restored as: under an id that follows from its own. */
export function successorOf({ session }: NewSession, at: Instant, fields: SessionFields = {}): NewSession {
  const { id, realm, subject, family } = session
  return newSession({
    id: `${id}+`,
    realm,
    subject,
    family,
    createdAt: at,
    restored: true,
    authenticatedAt: start,
    rememberedUntil: at + 30 * day,
    data: { of: id },
    ...fields,
  })
}

/** Presents the refresh token of a session. */
export function present(store: Store, of: NewSession, at: Instant, limit?: Limit): Promise<RestoreResult> {
  const options = { at, grace, ...(limit === undefined ? {} : { limit }) }
  return restore(store, of.session.id, of.refreshHash ?? '', successorOf(of, at), options)
}

/** Presents the secret of a restored session, so that its answer is known to have arrived. */
export async function confirm(store: Store, { session, secretHash }: NewSession): Promise<void> {
  const { id, lastSeenAt, lag } = session
  await store.touch([{ id, at: lastSeenAt, lag, confirm: secretHash }])
}

/** Nothing was written. */
export const gone = { status: 'gone' } as const

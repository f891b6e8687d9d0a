import { type ListInput, type Page, SessionError } from 'sojourn'
import type { Asked, Parts } from '../parts.ts'

/** One page of sessions, as the query's `cursor` says; `undefined` where that is none of ours. */
export async function listPage(
  asked: Asked,
  { sessions }: Parts,
  which: Omit<ListInput, 'cursor'>,
): Promise<Page | undefined> {
  const cursor = asked.req.query('cursor')
  if (cursor === undefined || cursor === '') return sessions.list(which)
  try {
    return await sessions.list({ ...which, cursor })
  } catch (error) {
    if (error instanceof SessionError && error.code === 'invalid_option') return undefined
    throw error
  }
}

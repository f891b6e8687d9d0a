import { type ListInput, type Page, SessionError } from 'sojourn'
import type { Asked, Parts } from '../parts.ts'

/** The place in a list that a query asks for; `undefined`: its head. */
export function cursorOf(asked: Asked): string | undefined {
  const cursor = asked.req.query('cursor')
  return cursor === '' ? undefined : cursor
}

/** One page of sessions; `undefined` where the cursor is none of ours. */
export async function listPage(
  { sessions }: Parts,
  which: Omit<ListInput, 'cursor'>,
  cursor: string | undefined,
): Promise<Page | undefined> {
  if (cursor === undefined) return sessions.list(which)
  try {
    return await sessions.list({ ...which, cursor })
  } catch (error) {
    if (error instanceof SessionError && error.code === 'invalid_option') return undefined
    throw error
  }
}

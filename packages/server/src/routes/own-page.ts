import type { Page } from 'sojourn'
import type { Asked, Parts } from '../parts.ts'
import { cursorOf, listPage } from './list-page.ts'
import { signedIn } from './signed-in.ts'

/** Where the live sessions are through. A cursor of the library begins with a number. */
const restorable = 'restorable:'

/**
 * One page of the sessions of whoever asks, as the query's `cursor` says: the live ones, then those that can come back, each
 * newest first. `undefined` where the cursor is none of ours.
 */
export async function ownPage(asked: Asked, parts: Parts, limit: number): Promise<Page | undefined> {
  const subject = signedIn(asked).id
  const cursor = cursorOf(asked)
  const rest = async (room: number, from: string | undefined): Promise<Page | undefined> => {
    const page = await listPage(parts, { subject, state: 'restorable', limit: room }, from)
    return page && { items: page.items, cursor: page.cursor === null ? null : restorable + page.cursor }
  }
  if (cursor?.startsWith(restorable)) return rest(limit, cursor.slice(restorable.length) || undefined)
  const live = complete(await listPage(parts, { subject, limit }, cursor))
  if (live === undefined || live.cursor !== null) return live
  const room = limit - live.items.length
  if (room > 0) {
    const page = await rest(room, undefined)
    return page && { items: [...live.items, ...page.items], cursor: page.cursor }
  }
  const next = await rest(1, undefined)
  return { items: live.items, cursor: next?.items.length === 1 ? restorable : null }
}

/** A sign-in that waits for its next step is nowhere that somebody is signed in. */
function complete(page: Page | undefined): Page | undefined {
  return page && { ...page, items: page.items.filter(({ activatedAt }) => activatedAt !== null) }
}

import type { Session, Sessions } from 'sojourn'

export interface LinkedSessions {
  /** What it stands on, the nearest first: none of them ends without it. */
  readonly above: readonly Session[]
  /** What stands on it, newest first, in this realm. */
  readonly below: readonly Session[]
  /** False where more stand on it. */
  readonly complete: boolean
}

/** Trees of sessions are flat; a chain that is longer is not followed to its end. */
const mostAbove = 8
const mostBelow = 100

/** The sessions that a session is linked with. */
export async function linkedSessions(
  sessions: Pick<Sessions<object>, 'get' | 'list'>,
  { id, parent }: Session,
): Promise<LinkedSessions> {
  const above: Session[] = []
  let next = parent
  while (next !== null && above.length < mostAbove) {
    const found: Session | undefined = await sessions.get(next)
    if (found === undefined) break
    above.push(found)
    next = found.parent
  }
  const { items, cursor } = await sessions.list({ parent: id, state: 'any', limit: mostBelow })
  return { above, below: items, complete: cursor === null }
}

import type { EndReason, Sessions } from 'sojourn'
import type { CompiledFilter } from './compile-filter.ts'
import { filteredPage } from './filtered-page.ts'

/** How many sessions are looked at to count or to end what matches. */
export const mostCounted = 100_000
/** How many one act may end by a filter. */
export const mostEnded = 10_000

export interface Count {
  readonly count: number
  /** To how many people they belong; guests are not counted. */
  readonly people: number
  /** False where there may be more: so many were looked at that the rest was not. */
  readonly complete: boolean
}

type Which = Pick<Sessions<object>, 'list' | 'end' | 'flush'>

/** How many sessions a filter keeps now. Nothing is written. */
export async function countMatching(
  sessions: Which,
  filter: CompiledFilter,
  spared?: string,
): Promise<Count> {
  const { ids, people, complete } = await gather(sessions, filter, spared, Number.POSITIVE_INFINITY)
  return { count: ids.length, people, complete }
}

export type EndedByFilter =
  | { readonly state: 'ended'; readonly matched: number; readonly ended: number }
  /** More match than the author expected, or than could be looked at: nothing was ended. */
  | { readonly state: 'more'; readonly count: Count }

/**
 * Ends what a filter keeps, where that is at most `most`; else nothing. What the store can ask of a session it asks again
 * in the step that ends it, so that one used meanwhile is spared by `lastSeen<`.
 */
export async function endMatching(
  sessions: Which,
  filter: CompiledFilter,
  how: {
    readonly most: number
    readonly spared?: string | undefined
    readonly reason: EndReason
    readonly by: string
  },
): Promise<EndedByFilter> {
  const { most, spared, reason, by } = how
  const { ids, people, complete } = await gather(sessions, filter, spared, most)
  if (ids.length > most || !complete)
    return { state: 'more', count: { count: ids.length, people, complete: complete && ids.length <= most } }
  const { state: _, reason: __, ...which } = filter.which
  let ended = 0
  for (const id of ids) ended += (await sessions.end({ ...which, id }, reason, by)).length
  return { state: 'ended', matched: ids.length, ended }
}

async function gather(sessions: Which, filter: CompiledFilter, spared: string | undefined, enough: number) {
  // What this node has seen and not yet written would count as unseen.
  await sessions.flush()
  const ids: string[] = []
  const subjects = new Set<string>()
  let lookedAt = 0
  let cursor: string | undefined
  do {
    const page = await filteredPage((input) => sessions.list(input), filter, { limit: 1_000, cursor })
    if (page === undefined) throw new Error('the cursor of a page was not taken back')
    for (const { id, subject } of page.items) {
      if (id === spared) continue
      ids.push(id)
      if (subject !== null) subjects.add(subject)
    }
    lookedAt += page.lookedAt
    cursor = page.cursor ?? undefined
  } while (cursor !== undefined && lookedAt < mostCounted && ids.length <= enough)
  return { ids, people: subjects.size, complete: cursor === undefined }
}

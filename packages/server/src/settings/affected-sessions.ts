import type { PolicyInput, Session, Sessions } from 'sojourn'
import type { Layer } from './layer.ts'
import type { SettingChange } from './stored-settings.ts'

/** Sessions that a change would end, as public ids. */
export interface Affected {
  readonly ids: readonly string[]
  /** How many people they belong to. */
  readonly people: number
}

/**
 * The live sessions that a change is against: those that its timeouts would end at their next request, and where a person's
 * own limit is lowered, those beyond it, longest unseen first. A limit for many people counts from their next sign-in.
 */
export async function affectedSessions(
  sessions: Pick<Sessions<object>, 'list' | 'simulate'>,
  layer: Layer,
  { changes, policy }: { readonly changes: readonly SettingChange[]; readonly policy: PolicyInput },
): Promise<Affected> {
  if (layer.kind !== 'subject') {
    const { affected, subjects } = await sessions.simulate(policy)
    return { ids: affected.map(({ id }) => id), people: subjects }
  }
  const limit: unknown = JSON.parse(changes.find(({ option }) => option === 'limit')?.after ?? 'null')
  if (typeof limit !== 'number') return { ids: [], people: 0 }
  const live = await liveSessions(sessions, layer.name)
  const ids = live.slice(0, Math.max(0, live.length - limit)).map(({ id }) => id)
  return { ids, people: ids.length === 0 ? 0 : 1 }
}

async function liveSessions(
  sessions: Pick<Sessions<object>, 'list'>,
  subject: string,
): Promise<readonly Session[]> {
  const all: Session[] = []
  let cursor: string | null = null
  do {
    const page = await sessions.list({ subject, limit: 1_000, ...(cursor === null ? {} : { cursor }) })
    all.push(...page.items.filter(({ activatedAt, actor }) => activatedAt !== null && actor === null))
    cursor = page.cursor
  } while (cursor !== null)
  return all.toSorted(
    (a, b) => a.lastSeenAt - b.lastSeenAt || a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1),
  )
}

import type { Session } from '../core/session.ts'
import type { Limit } from '../core/store.ts'

/** The order of eviction: longest unseen first, then oldest, then by id. */
export function byUnseen(a: Session, b: Session): number {
  return a.lastSeenAt - b.lastSeenAt || a.createdAt - b.createdAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

export type Admission = { readonly evict: readonly Session[] } | { readonly refused: readonly Session[] }

/** Whether one more session may join those that stand, and which of them go for it. */
export function admission(standing: readonly Session[], limit: Limit): Admission {
  const order = standing.toSorted(byUnseen)
  const excess = order.length + 1 - limit.most
  if (excess > 0 && limit.onExceed === 'refuse') return { refused: order }
  return { evict: order.slice(0, Math.max(0, excess)) }
}

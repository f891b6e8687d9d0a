import type { PolicyInput } from '../core/layers.ts'
import { type Affected, simulate as simulateOn, type Simulation } from '../core/simulate.ts'
import type { EndReason } from '../core/session.ts'
import type { Context } from './context.ts'

export interface SimulateInput {
  /** Hears after each page how many live sessions were judged so far. How many there are is not counted. */
  readonly onProgress?: (judged: number) => void
}

const page = 1_000

/**
 * Whom a policy would sign out at their next request: all live sessions of the realm are judged, page by page, with a turn
 * of the event loop between them, by the rules that the next request meets. Nothing is written.
 */
export async function simulate(
  context: Context,
  policy: PolicyInput,
  { onProgress }: SimulateInput = {},
  current: PolicyInput = context.policies.input,
): Promise<Simulation> {
  const { call, realm, clock, touches, policies } = context
  const now = clock.now()
  const options = { current, dangers: policies.dangers, seenAt: (id: string) => touches.lastSeen(id) }
  const affected: Affected[] = []
  const reasons: { [reason in EndReason]?: number } = {}
  const totals = { spared: 0, over: 0 }
  // A bad policy is refused though nobody is there.
  simulateOn(policy, [], now, options)
  let cursor: string | null = null
  do {
    const query = { realm, state: 'live', at: now, limit: page } as const
    const { items, cursor: next } = await call((store) =>
      store.list(cursor === null ? query : { ...query, cursor }),
    )
    const result = simulateOn(policy, items, now, options)
    affected.push(...result.affected)
    for (const { reason } of result.affected) reasons[reason] = (reasons[reason] ?? 0) + 1
    totals.spared += result.spared
    totals.over += result.over
    onProgress?.(affected.length + totals.spared + totals.over)
    cursor = next
    await new Promise<void>((resolve) => setImmediate(resolve))
  } while (cursor !== null)
  const people = new Set(affected.map(({ subject }) => subject))
  people.delete(null)
  return { affected, reasons, subjects: people.size, ...totals }
}

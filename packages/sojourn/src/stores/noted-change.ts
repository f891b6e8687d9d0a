import type { Instant, Session } from '../core/session.ts'
import type { Found, Watermark, WatermarkScope } from '../core/store.ts'
import type { Place } from './cursor.ts'

/** What is kept of a session; the watermark over it is kept by itself. */
export type Stored = Omit<Found, 'watermark'>

/** What is different in a session's record. `refresh: null`: it has none from now on. */
export interface Difference {
  readonly session?: Partial<Session>
  readonly secretHash?: string
  readonly previousHash?: string | null
  readonly confirmed?: boolean
  readonly data?: Found['data']
  readonly refresh?: Found['refresh'] | null
}

/** The first line of a log: that it comes to what the log before came to. */
export interface LogBegun {
  readonly kind: 'log'
  readonly version: 1
  /** The moment of the sweep that wrote the log anew, or of one before. */
  readonly compactedAt: Instant | null
  /** The bytes of the log before that it was written from. */
  readonly after: number
  /** In how many bytes it says so, of always as many digits. Whoever has read the one before goes on from there. */
  readonly size: string
}

/** One thing that a step changed: what it made, not how, so that every release that can read it gets the same. */
export type NotedChange =
  | LogBegun
  | { readonly kind: 'put'; readonly found: Stored }
  | { readonly kind: 'set'; readonly id: string; readonly to: Difference }
  | { readonly kind: 'remove'; readonly id: string }
  /** A line about this session was unreadable, and is gone. */
  | { readonly kind: 'damage'; readonly id: string }
  | { readonly kind: 'void'; readonly scope: WatermarkScope; readonly watermark: Watermark }
  /** `null`: all that the watermark covers is marked. */
  | { readonly kind: 'swept'; readonly scope: WatermarkScope; readonly to: Place | null }
  | { readonly kind: 'drop'; readonly scope: WatermarkScope }
  | { readonly kind: 'lease'; readonly job: string; readonly holder: string; readonly until: Instant }

/**
 * Which sessions a step is about, for who finds that its line is damaged: what no other session pays for. `null` stands for
 * a watermark: without it, nobody knows who still lives.
 */
export function namesIn(changes: readonly NotedChange[]): readonly (string | null)[] {
  const names = new Set<string | null>()
  for (const change of changes) {
    if (change.kind === 'put') names.add(change.found.session.id)
    if (change.kind === 'set' || change.kind === 'remove' || change.kind === 'damage') names.add(change.id)
    if (change.kind === 'void' || change.kind === 'log') names.add(null)
  }
  return [...names]
}

/** What is different in a record that was put in the place of another; `undefined`: nothing is. */
export function differenceOf(before: Found, after: Found): Difference | undefined {
  const session: { [key: string]: unknown } = {}
  for (const key of Object.keys(after.session) as (keyof Session)[])
    if (after.session[key] !== before.session[key]) session[key] = after.session[key]
  const to: Difference = {
    ...(Object.keys(session).length === 0 ? {} : { session }),
    ...(after.secretHash === before.secretHash ? {} : { secretHash: after.secretHash }),
    ...(after.previousHash === before.previousHash ? {} : { previousHash: after.previousHash }),
    ...(after.confirmed === before.confirmed ? {} : { confirmed: after.confirmed }),
    ...(after.data === before.data ? {} : { data: after.data }),
    ...(after.refresh === before.refresh ? {} : { refresh: after.refresh ?? null }),
  }
  return Object.keys(to).length === 0 ? undefined : to
}

/** Whether no more than the last use is different. */
export function isTouch({ session = {}, ...rest }: Difference): boolean {
  return (
    Object.keys(rest).length === 0 &&
    Object.keys(session).every((key) => key === 'lastSeenAt' || key === 'lag')
  )
}

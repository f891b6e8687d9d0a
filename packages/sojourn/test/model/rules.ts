import { minute, second } from '../../src/core/duration.ts'
import type { PolicyLayer } from '../../src/core/policy.ts'

/** What a run plays by. Spans are short, and few, so that commands meet each other's deadlines. */
export interface Rules {
  readonly name: string
  readonly policy: PolicyLayer
}

/** Of replaced tokens and of spent refresh tokens alike. */
export const grace = 5 * second
export const regenerateEvery = 20 * second
export const retention = 20 * minute

const common = {
  idleTimeout: '100s',
  guestIdleTimeout: '40s',
  absoluteTimeout: '5m',
  rememberFor: '10m',
  rememberMax: '15m',
  rememberGrace: grace,
  regenerationGrace: grace,
  retention,
  minimiseAfter: retention / 2,
  // Within a run the clock goes on while a store is asked: none of its answers is late.
  storeTimeout: '1w',
} as const satisfies PolicyLayer

export const rulesOfRuns: readonly Rules[] = [
  { name: 'one session, evicting', policy: { ...common, limit: 1 } },
  { name: 'two sessions, evicting', policy: { ...common, limit: 2 } },
  { name: 'two sessions, refusing', policy: { ...common, limit: 2, onExceed: 'deny' } },
  { name: 'without a limit, regenerating', policy: { ...common, regenerateEvery } },
  { name: 'three sessions, regenerating', policy: { ...common, limit: 3, regenerateEvery } },
  { name: 'touched at once', policy: { ...common, limit: 2, touchEvery: 0 } },
  { name: 'touched seldom, sweeping on touch', policy: { ...common, touchEvery: '15s', sweepOnTouch: true } },
  { name: 'without an idle timeout', policy: { ...common, idleTimeout: null, limit: 2, onExceed: 'deny' } },
]

/** Whose own limit differs from the policy's. */
export const ownLimits: { readonly [subject: string]: number } = { once: 1, closed: 0 }

/** How many sessions of the subject may live at once. */
export function mostOf({ policy }: Rules, subject: string): number {
  return ownLimits[subject] ?? (typeof policy.limit === 'number' ? policy.limit : Infinity)
}

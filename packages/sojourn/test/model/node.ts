import type { Store } from '../../src/core/store.ts'
import { createEngine, type Engine } from '../../src/engine/index.ts'
import type { SessionEvent } from '../../src/engine/events.ts'
import type { FakeClock } from '../../src/testing/clock.ts'
import { secret, seeded } from '../engine/an-engine.ts'
import { ownLimits, type Rules } from './rules.ts'

/** An engine that plays by the rules of a run; `name` seeds its chance. */
export function aNode(
  name: string,
  store: Store,
  clock: FakeClock,
  { policy }: Rules,
  onEvent: (event: SessionEvent) => void,
  onError: (error: unknown) => void,
): Engine {
  return createEngine({
    store,
    policy,
    secret,
    clock,
    onEvent,
    onError,
    sweepEvery: null,
    random: seeded(name),
    subjectPolicy: (subject) => (subject in ownLimits ? { limit: ownLimits[subject] ?? 0 } : undefined),
  })
}

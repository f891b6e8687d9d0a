/** Sweeps a large table, as a node does whose time has come: the other side of `sweep-rates.ts` and `verify-times.ts`. */
import { createSessions, type PolicyLayer } from 'sojourn'
import { postgres } from 'sojourn/stores/postgres'
import { FakeClock } from 'sojourn/testing/clock'
import { answerParent } from '../process/answer.ts'
import { beside, namedPool } from './keep-apart.ts'
import { idle, madeAt } from './large-table.ts'

/** Sweeps under a policy, while time passes: so much each time, until the sweeps have taken so long. */
export interface Passing {
  readonly policy: PolicyLayer
  readonly step: number
  /** Milliseconds; 0: once. */
  readonly lasting: number
}

/** What came of it, and how long it took in milliseconds. */
export interface Swept {
  readonly marked: number
  readonly purged: number
  readonly minimised: number
  readonly took: number
}

const [url = ''] = process.argv.slice(2)
const store = postgres(namedPool(url, beside, 1))
const clock = new FakeClock(madeAt)

answerParent(async ({ policy, step, lasting }: Passing): Promise<Swept> => {
  const auth = createSessions({ store, clock, policy, sweepEvery: null })
  let [marked, purged, minimised] = [0, 0, 0]
  const before = performance.now()
  do {
    clock.advance(step)
    const swept = await auth.sweep()
    marked += swept.marked
    purged += swept.purged
    minimised += swept.minimised
  } while (performance.now() - before < lasting && clock.now() < madeAt + idle)
  return { marked, purged, minimised, took: performance.now() - before }
})

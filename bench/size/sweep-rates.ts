import type { PolicyLayer } from 'sojourn'
import type { Child } from '../process/child.ts'
import type { Passing, Swept } from './sweeper.ts'

/** Rows a second of what a sweep does, each by itself. */
export interface SweepRates {
  readonly marked: number
  readonly purged: number
  readonly minimised: number
}

/** Six hours pass: what expired in them is marked, then what is past its retention purged, then what tells of people forgotten. */
export async function sweepRates(sweeper: Child): Promise<SweepRates> {
  const pass = (policy: PolicyLayer, step: number): Promise<Swept> =>
    sweeper.ask<Swept>({ policy, step, lasting: 0 } satisfies Passing)
  const rate = (rows: number, { took }: Swept): number => (rows * 1_000) / took
  const marking = await pass({ retention: '90d', minimiseAfter: '90d' }, 6 * 3_600_000)
  const purging = await pass({ retention: '30d', minimiseAfter: '30d' }, 0)
  const minimising = await pass({ retention: '30d', minimiseAfter: '7d' }, 0)
  return {
    marked: rate(marking.marked, marking),
    purged: rate(purging.purged, purging),
    minimised: rate(minimising.minimised, minimising),
  }
}

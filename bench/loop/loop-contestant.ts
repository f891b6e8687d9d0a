import type { LoopName } from '../contestants/index.ts'
import { Child } from '../process/child.ts'
import type { Contestant, Sample } from '../rounds.ts'

/** What needs no network: called again and again in a process of its own. */
export function loopContestant(name: LoopName): Contestant & { close(): void } {
  const loop = new Child(0, '../loop/loop.ts', name)
  return { name, measure: (seconds) => loop.ask<Sample>(seconds), close: () => loop.stop() }
}

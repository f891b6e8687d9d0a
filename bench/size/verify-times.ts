import { setTimeout as wait } from 'node:timers/promises'
import type { Store } from 'sojourn'
import type { Child } from '../process/child.ts'
import { type Quartiles, quartiles } from '../quartiles.ts'
import { endedEach, idle, idOf } from './large-table.ts'
import { percentile } from './percentile.ts'
import type { Progress } from './progress.ts'
import type { Passing, Swept } from './sweeper.ts'

/** How long a request waited for `find`, in milliseconds, with and without a sweep: medians of the rounds. */
export interface VerifyTimes {
  readonly quiet: { readonly p50: number; readonly p99: number }
  readonly swept: { readonly p50: number; readonly p99: number }
  /** The p99 during a sweep over that before it, round by round. */
  readonly rise: Quartiles
  /** Rows a second that the sweeps marked, purged and minimised meanwhile. */
  readonly rows: number
}

export interface Rounds {
  readonly rounds: number
  /** How long each half of a round takes. */
  readonly seconds: number
}

/** How many requests a second are verified, and how many rows each sweep finds to mark: five batches of the engine. */
const [asked, due] = [250, 500]

/**
 * Looks up random live sessions at an even pace, each round first in quiet, then while another process sweeps without a pause: it
 * marks, purges and minimises at once, as time goes on.
 */
export async function verifyTimes(
  store: Store,
  sweeper: Child,
  live: number,
  { rounds, seconds }: Rounds,
  progress: Progress,
): Promise<VerifyTimes> {
  const find = async (): Promise<number> => {
    const row = (1 + endedEach) * (1 + Math.floor(Math.random() * live))
    const before = performance.now()
    if ((await store.find(idOf(row))) === undefined) throw new Error(`row ${row} is not there`)
    return performance.now() - before
  }
  const pass: Passing = {
    policy: { retention: '30d', minimiseAfter: '7d' },
    step: Math.ceil((idle * due) / live),
    lasting: seconds * 1_000,
  }
  await findsUntil(find, wait(1_000))
  const [quiet, swept]: number[][][] = [[], []]
  let [rows, took] = [0, 0]
  for (let round = 0; round < rounds; round++) {
    quiet?.push(await findsUntil(find, wait(seconds * 1_000)))
    const sweeping = sweeper.ask<Swept>(pass)
    swept?.push(await findsUntil(find, sweeping))
    const done = await sweeping
    rows += done.marked + done.purged + done.minimised
    took += done.took
    progress(round + 1, rounds)
  }
  const p99 = (times: readonly number[]): number => percentile(times, 0.99)
  return {
    quiet: middle(quiet ?? []),
    swept: middle(swept ?? []),
    rise: quartiles((swept ?? []).map((times, at) => p99(times) / p99(quiet?.[at] ?? []) - 1)),
    rows: (rows * 1_000) / took,
  }
}

/** How long each took of those that began before `over`. None waits for another. */
async function findsUntil(find: () => Promise<number>, over: Promise<unknown>): Promise<number[]> {
  const finds: Promise<number>[] = []
  let isOver = false
  const end = (): void => void (isOver = true)
  over.then(end, end)
  const began = performance.now()
  while (!isOver) {
    finds.push(find())
    await wait(Math.max(0, began + (finds.length * 1_000) / asked - performance.now()))
  }
  return await Promise.all(finds)
}

function middle(rounds: readonly (readonly number[])[]): { readonly p50: number; readonly p99: number } {
  const median = (share: number): number => quartiles(rounds.map((times) => percentile(times, share))).median
  return { p50: median(0.5), p99: median(0.99) }
}

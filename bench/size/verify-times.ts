import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import { postgres } from 'sojourn/stores/postgres'
import type { Child } from '../process/child.ts'
import { type Quartiles, quartiles } from '../quartiles.ts'
import { keepApart } from './keep-apart.ts'
import { endedEach, idle, idOf } from './large-table.ts'
import { percentile } from './percentile.ts'
import type { Progress } from './progress.ts'
import type { Passing, Swept } from './sweeper.ts'

/** How long a request waited for `find`, in milliseconds: the medians of the rounds. */
export interface VerifyTime {
  readonly p50: number
  readonly p99: number
  /** The p99 over that of the quiet part of the same round, less one. */
  readonly rise: Quartiles
}

export interface VerifyTimes {
  readonly quiet: VerifyTime
  /** While PostgreSQL computes as much for another process, and touches no table: what any work costs beside the requests. */
  readonly burned: VerifyTime
  readonly swept: VerifyTime
  /** Rows a second that the sweeps marked, purged and minimised meanwhile. */
  readonly rows: number
}

export interface Rounds {
  readonly rounds: number
  /** How long each of the three parts of a round takes. */
  readonly seconds: number
}

/** How many requests a second are verified, and how many rows each sweep finds to mark: five batches of the engine. */
const [asked, due] = [250, 500]

/** Who works beside the requests. */
export interface Others {
  readonly sweeper: Child
  readonly burner: Child
}

/**
 * Looks up random live sessions at an even pace, on a core of their own. Each round has three parts: in quiet, while PostgreSQL computes for another process, and
 * while another sweeps without a pause: it marks, purges and minimises at once, as time goes on.
 */
export async function verifyTimes(
  pool: pg.Pool,
  { sweeper, burner }: Others,
  live: number,
  { rounds, seconds }: Rounds,
  progress: Progress,
): Promise<VerifyTimes> {
  const store = postgres(pool)
  const find = async (): Promise<number> => {
    const row = (1 + endedEach) * (1 + Math.floor(Math.random() * live))
    const before = performance.now()
    // It may have ended meanwhile, and is kept.
    if ((await store.find(idOf(row))) === undefined) throw new Error(`Row ${row} is not there`)
    return performance.now() - before
  }
  const lasting = seconds * 1_000
  const pass: Passing = {
    policy: { retention: '30d', minimiseAfter: '7d' },
    step: Math.ceil((idle * due) / live),
    lasting,
  }
  // Each has its connections from then on.
  await Promise.all([
    findsUntil(find, wait(1_000)),
    burner.ask(100),
    sweeper.ask({ ...pass, step: 0, lasting: 0 }),
  ])
  await keepApart(pool)
  const times: Record<'quiet' | 'burned' | 'swept', number[][]> = { quiet: [], burned: [], swept: [] }
  let [rows, took] = [0, 0]
  for (let round = 0; round < rounds; round++) {
    times.quiet.push(await findsUntil(find, wait(lasting)))
    times.burned.push(await findsUntil(find, burner.ask(lasting)))
    const sweeping = sweeper.ask<Swept>(pass)
    times.swept.push(await findsUntil(find, sweeping))
    const done = await sweeping
    rows += done.marked + done.purged + done.minimised
    took += done.took
    progress(round + 1, rounds)
  }
  const timeOf = (parts: readonly (readonly number[])[]): VerifyTime => ({
    p50: quartiles(parts.map((part) => percentile(part, 0.5))).median,
    p99: quartiles(parts.map((part) => percentile(part, 0.99))).median,
    rise: quartiles(
      parts.map((part, at) => percentile(part, 0.99) / percentile(times.quiet[at] ?? [], 0.99) - 1),
    ),
  })
  const { quiet, burned, swept } = times
  return {
    quiet: timeOf(quiet),
    burned: timeOf(burned),
    swept: timeOf(swept),
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

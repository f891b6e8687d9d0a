import { type Quartiles, quartiles } from './quartiles.ts'

/** What one contestant did in one turn. */
export interface Sample {
  readonly operations: number
  readonly seconds: number
  /** What its process spent of a core, by the operating system's account. */
  readonly cpuSeconds: number
  /** The share of a core that the load generator used, where there is one. */
  readonly loadBusy?: number
}

export interface Contestant {
  readonly name: string
  measure(seconds: number): Promise<Sample>
}

export interface Result {
  readonly name: string
  /** Operations a second, the median of the rounds. */
  readonly rate: number
  /** The rate over that of the first contestant in the same round. */
  readonly ratio: Quartiles
  /** The same by processor time, which other work on the machine disturbs less. */
  readonly cpuRatio: Quartiles
  /** What one operation took of a core, in milliseconds, the median of the rounds. */
  readonly cpuMillis: number
  /** The share of a core that the contestant, and the load generator, used at the median. */
  readonly busy: number
  readonly loadBusy: number | null
}

export interface RoundsOptions {
  readonly rounds: number
  /** How long one turn takes. */
  readonly seconds: number
  readonly progress: (done: number, of: number, name: string) => void
}

/**
 * How many seconds a contestant runs before it counts: until its code has been compiled for what it does, and what it keeps of
 * its people has moved to where the garbage collector leaves it alone.
 */
export const warmUp = 5

/**
 * Every round measures every contestant once, in shuffled order, and compares it with the first contestant in that very
 * round: a machine that slows down for a while slows them all. One round before them warms up and is not counted.
 */
export async function runRounds(
  contestants: readonly Contestant[],
  { rounds, seconds, progress }: RoundsOptions,
): Promise<readonly Result[]> {
  const samples = new Map<Contestant, Sample[]>(contestants.map((contestant) => [contestant, []]))
  const turns = (rounds + 1) * contestants.length
  let done = 0
  for (let round = 0; round <= rounds; round++) {
    for (const contestant of shuffled(contestants)) {
      progress(done++, turns, contestant.name)
      const sample = await measured(contestant, round === 0 ? warmUp : seconds)
      if (round > 0) samples.get(contestant)?.push(sample)
    }
  }
  const [base = []] = samples.values()
  return contestants.map((contestant) => resultOf(contestant.name, samples.get(contestant) ?? [], base))
}

/** On a crowded machine a turn may pass without a single operation. It is given again. */
async function measured(contestant: Contestant, seconds: number): Promise<Sample> {
  for (let tries = 1; tries <= 10; tries++) {
    const sample = await contestant.measure(seconds)
    if (sample.operations > 0) return sample
  }
  throw new Error(`${contestant.name} did nothing in ten turns of ${seconds} s`)
}

function resultOf(name: string, samples: readonly Sample[], base: readonly Sample[]): Result {
  const over = (measure: (sample: Sample) => number): Quartiles =>
    quartiles(samples.flatMap((sample, round) => ratio(sample, base[round], measure)))
  const median = (measure: (sample: Sample) => number): number => quartiles(samples.map(measure)).median
  const hasLoad = samples.some(({ loadBusy }) => loadBusy !== undefined)
  return {
    name,
    rate: median(rateOf),
    ratio: over(rateOf),
    cpuRatio: over(({ operations, cpuSeconds }) => operations / cpuSeconds),
    cpuMillis: median(({ cpuSeconds, operations }) => (cpuSeconds * 1_000) / operations),
    busy: median(({ cpuSeconds, seconds }) => cpuSeconds / seconds),
    loadBusy: hasLoad ? median(({ loadBusy = 0 }) => loadBusy) : null,
  }
}

function rateOf({ operations, seconds }: Sample): number {
  return operations / seconds
}

function ratio(sample: Sample, base: Sample | undefined, measure: (sample: Sample) => number): number[] {
  return base === undefined ? [] : [measure(sample) / measure(base)]
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

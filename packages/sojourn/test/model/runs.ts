import fc from 'fast-check'

/** In all; every test runs its share. */
const { MODEL_RUNS = '10000', MODEL_SEED = '7' } = process.env

/**
 * Runs a share of the sequences: of `MODEL_RUNS`, 10,000 if left out; the same in every run, unless `MODEL_SEED` says
 * otherwise. What fails is shrunk and told with what leads to it again.
 */
export async function runShare<Sequence>(
  share: number,
  sequences: fc.Arbitrary<Sequence>,
  play: (sequence: Sequence) => Promise<void>,
): Promise<void> {
  const details = await fc.check(fc.asyncProperty(sequences, play), {
    numRuns: Math.ceil(Number(MODEL_RUNS) * share),
    seed: Number(MODEL_SEED),
    plugins: [fc.interruptAfterTimeLimit(50_000, { failOnInterrupt: true })],
  })
  if (!details.failed) return
  const { seed, counterexample, counterexamplePath: path, errorInstance, numRuns } = details
  if (!counterexample) throw new Error(`interrupted after ${numRuns} sequences: the machine is too slow`)
  const shown = JSON.stringify(withoutGaps((counterexample as [Sequence])[0]), null, 1).replaceAll(
    /\n {3,}/g,
    ' ',
  )
  throw new Error(`MODEL_SEED=${seed}, path ${path}, sequence ${numRuns}:\n${shown}`, {
    cause: errorInstance,
  })
}

/** What may be left out of a sequence, so that what fails shrinks to what matters. */
export function orNothing<T>(something: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.option(something, { freq: 50 })
}

function withoutGaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutGaps)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutGaps(inner)]))
}

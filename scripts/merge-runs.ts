import type { run } from 'node:test'
import type { TestEvent } from 'node:test/reporters'

type Run = ReturnType<typeof run>

/** The closing lines of Node's test runner, in the order in which it prints them. */
const closingLines = ['tests', 'suites', 'pass', 'fail', 'cancelled', 'skipped', 'todo', 'duration_ms']

/**
 * Runs one after another, told as one: every event but the closing lines, which come once, at the end, summed.
 * A run is given as a function, because Node starts it as soon as it is made.
 */
export async function* mergeRuns(runs: readonly (() => Run)[]): AsyncGenerator<TestEvent> {
  const totals = new Map(closingLines.map((name) => [name, 0]))
  let summary: TestEvent | undefined
  for (const start of runs) {
    for await (const event of start() as AsyncIterable<TestEvent>) {
      const closing = closingLine(event)
      if (closing !== undefined) totals.set(closing.name, (totals.get(closing.name) ?? 0) + closing.value)
      else if (event.type === 'test:summary' && event.data.file === undefined) summary = event
      else yield event
    }
  }
  for (const [name, value] of totals) {
    yield { type: 'test:diagnostic', data: { message: `${name} ${value}`, nesting: 0, level: 'info' } }
  }
  // The reporter prints the failures again when the summary comes; what the summary counts, it does not read.
  if (summary !== undefined) yield summary
}

function closingLine(event: TestEvent): { name: string; value: number } | undefined {
  if (event.type !== 'test:diagnostic' || event.data.nesting !== 0 || event.data.file !== undefined)
    return undefined
  const [name = '', value] = event.data.message.split(' ')
  return closingLines.includes(name) ? { name, value: Number(value) } : undefined
}

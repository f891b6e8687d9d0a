/**
 * Runs test files in this process until one test fails, and prints one line of JSON: the number of tests that passed, and
 * the title of the one that failed. It prints nothing where the tests could not be run.
 */
import { run } from 'node:test'
import type { TestEvent } from 'node:test/reporters'
import type { FirstFailure } from './trial.ts'

const files = process.argv.slice(2)
let passed = 0

const events = run({ files, isolation: 'none', timeout: 60_000 }) as AsyncIterable<TestEvent>
for await (const event of events) {
  if (event.type === 'test:pass' && event.data.details.type !== 'suite') passed++
  if (event.type === 'test:fail' && event.data.details.type !== 'suite') tell(event.data.name)
}
tell(null)

function tell(failed: string | null): never {
  const told: FirstFailure = { passed, failed }
  process.stdout.write(`${JSON.stringify(told)}\n`)
  process.exit(0)
}

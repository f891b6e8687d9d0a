/**
 * `npm test`: runs every test, or those whose path contains one of the words given: `npm test -- sqlite`.
 * The library's tests share one process, which makes a thousand of them cost less than a second; those of them that must not
 * share it are named `*.isolated.test.ts`, and run one after the other. Every other file gets a process of its own, as many
 * at once as there are cores.
 */
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { run } from 'node:test'
import { spec, type TestEvent } from 'node:test/reporters'
import { missing, programs } from '../test/services/programs.ts'
import type { ProgramName } from '../test/services/programs.ts'
import { mergeRuns } from './merge-runs.ts'
import { readOptions } from './read-options.ts'

const root = join(import.meta.dirname, '..')
const help = `Usage: npm test -- [words] [options]

Runs every test, or those whose path contains one of the words: npm test -- sqlite

Options:
  --test-name-pattern TEXT  only tests with such a title; may be given again
  --test-skip-pattern TEXT  none with such a title; may be given again
  --test-only               only what is marked so
  --help                    this text`

const { values: options, positionals: words } = readOptions(help, {
  allowPositionals: true,
  options: {
    'test-name-pattern': { type: 'string', multiple: true },
    'test-skip-pattern': { type: 'string', multiple: true },
    'test-only': { type: 'boolean', default: false },
  },
})

const found = globSync(['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'], { cwd: root })
  .map((path) => path.split(sep).join('/'))
  .filter((path) => words.length === 0 || words.some((word) => path.includes(word)))
  .toSorted()

if (found.length === 0) {
  console.error(
    words.length === 0 ? 'There are no tests.' : `No test file has ${words.join(' or ')} in its path.`,
  )
  process.exit(1)
}

const shared = found.filter(
  (path) => path.startsWith('packages/sojourn/') && !path.endsWith('.isolated.test.ts'),
)
// Stores whose servers are killed, stopped and timed: one file has the machine to itself.
const alone = found.filter((path) => path.startsWith('packages/sojourn/') && !shared.includes(path))
const apart = found.filter((path) => !shared.includes(path) && !alone.includes(path))
const names = options['test-name-pattern']
const skips = options['test-skip-pattern']
const choice = {
  ...(names && { testNamePatterns: names }),
  ...(skips && { testSkipPatterns: skips }),
  only: options['test-only'],
  timeout: 60_000,
}
const runs = [
  { files: absolute(shared), isolation: 'none', ...choice },
  { files: absolute(apart), isolation: 'process', concurrency: availableParallelism(), ...choice },
  { files: absolute(alone), isolation: 'process', concurrency: 1, ...choice },
] as const

process.chdir(root)
let failed = false
const events = mergeRuns(runs.filter(({ files }) => files.length > 0).map((how) => () => run(how)))
await pipeline(watch(events), new spec(), process.stdout, { end: false })
const untested = (Object.keys(programs) as ProgramName[]).filter((name) => missing(name) !== false)
if (words.length === 0 && untested.length > 0) {
  const reasons = untested.map((name) => `${programs[name].proves} (package ${programs[name].debian})`)
  console.log(
    `Not tested, since the server is not installed: ${reasons.join(', ')}. Or start from compose.yaml.`,
  )
}
process.exit(failed ? 1 : 0)

/**
 * Notes failures, and stops the run when every test has ended and yet it does not: a test that leaves a socket or a
 * timer open would keep the shared process, and a continuous build, waiting for ever.
 */
async function* watch(told: AsyncIterable<TestEvent>): AsyncGenerator<TestEvent> {
  const patience = 10_000
  let running = 0
  let latest = performance.now()
  setInterval(() => {
    if (running > 0 || performance.now() - latest < patience) return
    console.error(`\n✖ A test left something open: ${process.getActiveResourcesInfo().join(', ')}`)
    process.exit(1)
  }, 1_000).unref()

  for await (const event of told) {
    latest = performance.now()
    if (event.type === 'test:enqueue') running += 1
    if (event.type === 'test:complete') running -= 1
    if (event.type === 'test:fail' && !event.data.todo) failed = true
    yield event
  }
}

function absolute(paths: readonly string[]): string[] {
  return paths.map((path) => join(root, path))
}

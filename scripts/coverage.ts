/**
 * `npm run coverage`: how many requirements of each system are done, and how many a test names.
 * `-- --open` lists the open numbers, `-- --json` prints the whole for programs, and `-- --mark` sets the state of every
 * number in the documents: `done` when a test names it, else `open`. `-- --check` fails where a state is not that one.
 */
import { readOptions } from './read-options.ts'
import { markStates, readRequirements, strayed, systemOf, systems } from './requirements.ts'
import { parseTree, repositoryFiles } from './source-tree.ts'
import { titlesIn } from './test-titles.ts'

const help = `Usage: npm run coverage -- [options]

Prints how many requirements of each system are done, and how many a test names.

Options:
  --open   the open numbers too
  --json   everything, for programs
  --mark   write the state of every number into the documents
  --check  fail where a document says another state
  --help   this text`

const { values: options } = readOptions(help, {
  options: {
    open: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    mark: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
})

const tests = new Map<string, string[]>()
for (const title of titlesIn(parseTree(repositoryFiles()))) {
  for (const number of title.numbers) tests.set(number, [...(tests.get(number) ?? []), title.at])
}

if (options.mark) {
  const changed = markStates((number) => (tests.has(number) ? 'done' : 'open'))
  if (!options.json)
    console.log(changed.length === 0 ? 'Nothing to mark.' : `Marked anew: ${changed.join(' ')}\n`)
}

const requirements = readRequirements().map(({ number, state }) => ({
  number,
  system: systemOf(number),
  state,
  tests: tests.get(number) ?? [],
}))
const all = { system: 'all', ...count(() => true) }
const rows = [...Object.values(systems).map((system) => ({ system, ...count((of) => of === system) })), all]

if (options.json) console.log(JSON.stringify({ systems: rows, requirements }, null, 2))
else print()
if (options.check) check()

function check(): void {
  const { untested, stale } = strayed(readRequirements(), (number) => tests.has(number))
  if (untested.length > 0) console.error(`\nDone, and no test names them: ${untested.join(' ')}`)
  if (stale.length > 0) console.error(`\nOpen, and a test names them: ${stale.join(' ')}`)
  if (untested.length + stale.length === 0) return
  console.error('\nnpm run coverage -- --mark sets each state to what the tests say.')
  process.exitCode = 1
}

function count(counts: (system: string) => boolean): {
  done: number
  covered: number
  open: number
  total: number
} {
  const own = requirements.filter(({ system }) => counts(system))
  const done = own.filter(({ state }) => state === 'done').length
  const covered = own.filter((requirement) => requirement.tests.length > 0).length
  return { done, covered, open: own.length - done, total: own.length }
}

function print(): void {
  const line = (name: string, ...cells: readonly (number | string)[]): void =>
    console.log(name.padEnd(20) + cells.map((cell) => String(cell).padStart(10)).join(''))
  line('system', 'done', 'with test', 'open', 'of')
  for (const { system, done, covered, open, total } of rows) line(system, done, covered, open, total)
  if (!options.open) return
  for (const system of Object.values(systems)) {
    const open = requirements.filter(
      (requirement) => requirement.system === system && requirement.state === 'open',
    )
    if (open.length > 0) console.log(`\n${system}\n  ${open.map(({ number }) => number).join(' ')}`)
  }
}

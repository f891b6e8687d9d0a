/**
 * `npm run mutants`: plants faults, one at a time, in a copy of the repository, and says which of them no test finds.
 * `npm run mutants -- grace limit` plants those whose names hold one of the words; `-- --list` only names them, and
 * `-- --json` prints what came of each for a program.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mutants } from './mutants/index.ts'
import { type Mutant, plant } from './mutants/mutant.ts'
import { copyRepository } from './mutants/repository-copy.ts'
import { runTrial, stopTrials, type Verdict } from './mutants/trial.ts'
import { readOptions } from './read-options.ts'

/** A run that takes longer hangs: the slowest of the tests need a few seconds. */
const limit = 90_000

const help = `Usage: npm run mutants -- [words] [options]

Plants faults, one at a time, in a copy of the repository, and says which of them no
test finds. Words choose by parts of names: npm run mutants -- grace limit

Options:
  --list  only name them
  --json  what came of each, for programs
  --help  this text`

const { values: options, positionals: words } = readOptions(help, {
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, list: { type: 'boolean', default: false } },
})
const planted = mutants.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)))
if (planted.length === 0) {
  console.error(`No mutant has ${words.join(' or ')} in its name.`)
  process.exit(2)
}
if (options.list) {
  for (const { name, why } of planted) console.log(`${name}: ${why}`)
  process.exit(0)
}

const copy = copyRepository()
process.on('exit', () => {
  stopTrials()
  copy.remove()
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))

const tests = [...new Set(planted.flatMap((mutant) => mutant.tests))].toSorted()
say(`${planted.length} mutants; ${tests.length} test files without any of them first`)
for (const test of tests) await mustPass(test)

const results: { readonly mutant: Mutant; readonly verdict: Verdict; readonly seconds: number }[] = []
for (const mutant of planted) {
  const start = performance.now()
  const verdict = await tryOut(mutant)
  const seconds = (performance.now() - start) / 1_000
  results.push({ mutant, verdict, seconds })
  say(line(mutant, verdict, seconds))
}

const killed = results.filter(({ verdict }) => verdict.state === 'killed' || verdict.state === 'hung').length
if (options.json)
  console.log(JSON.stringify({ killed, planted: planted.length, mutants: results.map(forProgram) }, null, 2))
else console.log(`\nkilled / planted: ${killed} / ${planted.length}`)
process.exitCode = killed === planted.length ? 0 : 1

/** A test that fails anyway, or cannot run, would kill every mutant. */
async function mustPass(test: string): Promise<void> {
  const verdict = await runTrial(copy.root, [test], limit)
  if (verdict.state === 'survived' && verdict.passed > 0) return
  const what =
    verdict.state === 'killed' ? `fails: ${verdict.by}` : `cannot be run: ${JSON.stringify(verdict)}`
  console.error(`✖ without any mutant ${test} ${what}`)
  process.exit(1)
}

/** The tests one after the other, until one finds the fault. */
async function tryOut(mutant: Mutant): Promise<Verdict> {
  const path = join(copy.root, mutant.file)
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, plant(text, mutant))
  try {
    let passed = 0
    for (const test of mutant.tests) {
      const verdict = await runTrial(copy.root, [test], limit)
      if (verdict.state !== 'survived') return verdict
      passed += verdict.passed
    }
    return { state: 'survived', passed }
  } finally {
    writeFileSync(path, text)
  }
}

function line({ name, why, tests }: Mutant, verdict: Verdict, seconds: number): string {
  const time = `${seconds.toFixed(1)} s`
  switch (verdict.state) {
    case 'killed':
      return `✔ ${name} (${time}): ${verdict.by}`
    case 'hung':
      return `✔ ${name} (${time}): hung, and was stopped`
    case 'survived':
      return `✖ ${name} SURVIVED ${verdict.passed} tests of ${tests.join(', ')}: ${why}`
    case 'broken':
      return `✖ ${name} is no fault but broken: ${verdict.said}`
  }
}

function forProgram({ mutant, verdict, seconds }: (typeof results)[number]): object {
  const { name, file, why } = mutant
  return { name, file, why, seconds: Math.round(seconds * 10) / 10, ...verdict }
}

/** Progress, apart from what a program reads. */
function say(text: string): void {
  if (options.json) process.stderr.write(`${text}\n`)
  else console.log(text)
}

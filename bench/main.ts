/** `npm run bench`: see README.md. */
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { type StoreCalls, storeCalls } from './counts/store-calls.ts'
import { racesFor } from './races.ts'
import { raceTable, storeCallsTable } from './report.ts'
import { type Result, warmUp } from './rounds.ts'
import { runRace } from './run-race.ts'

const help = `Usage: npm run bench -- [words] [options]

Measures requests a second with sessions, beside a bare server of the same framework
in the same rounds. Words choose what runs, by parts of names:

  express  hono  server  fetch  core  counts  life  memory  sqlite  express-session
  stores  postgres  redis  cached (they need PostgreSQL and Redis installed)

  revocation [stores]    how long until another node refuses what was revoked
  size [words]           what many sessions take, and lists, sweeps and look-ups among them

Options:
  --rounds N    rounds that count, after one that warms up (15)
  --seconds S   how long one turn takes (0.3)
  --json        results as JSON on standard output
  --help        this text`

/** What is no race, each by its own word; what follows the word is its own. */
const others: { readonly [word: string]: (args: readonly string[]) => Promise<boolean> } = {
  revocation: async (args) => (await import('./revocation/bench-revocations.ts')).benchRevocations(args),
  size: async (args) => (await import('./size/bench-size.ts')).benchSize(args),
}
const [word = '', ...rest] = process.argv.slice(2)
const other = others[word]
if (other !== undefined) process.exit((await other(rest)) ? 0 : 1)

const { values: options, positionals: words } = read()
if (options.help) {
  console.log(help)
  process.exit(0)
}

const rounds = numberOf('rounds', options.rounds, Number.isInteger)
const seconds = numberOf('seconds', options.seconds, Number.isFinite)
const races = racesFor(words)
const counting = words.length === 0 || words.some((word) => 'counts'.includes(word))
if (races.length === 0 && !counting) usage(`nothing is named ${words.join(' or ')}`)

const contestants = races.reduce((sum, { names }) => sum + names.length, 0)
const about = contestants * (rounds * (seconds + 0.05) + warmUp + 1)
note(`${contestants} rows, ${rounds} rounds of ${seconds} s each: about ${Math.round(about)} s in all`)

const counts: readonly StoreCalls[] = counting ? await storeCalls() : []
const results: Record<string, readonly Result[]> = {}
for (const race of races) {
  const progress = (done: number, of: number, name: string): void =>
    status(`${race.title}: ${done + 1} of ${of}, ${name}`)
  status(`${race.title}: starting`)
  results[race.title] = await runRace(race, { rounds, seconds, progress })
  status('')
  if (!options.json) console.log(`\n${raceTable(race.title, results[race.title] ?? [])}`)
}
if (options.json) {
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? null, cores: availableParallelism() }
  console.log(JSON.stringify({ machine, rounds, seconds, races: results, storeCalls: counts }, null, 2))
} else if (counting) console.log(`\n${storeCallsTable(counts)}`)

function read() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: 'string', default: '15' },
        seconds: { type: 'string', default: '0.3' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error))
  }
}

function numberOf(name: string, text: string, fits: (value: number) => boolean): number {
  const value = Number(text)
  if (fits(value) && value > 0) return value
  return usage(`--${name}: expected a number above 0, got ${text}`)
}

function usage(message: string): never {
  console.error(`${message}\n\n${help}`)
  process.exit(2)
}

function note(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** One line that is written over on a terminal; elsewhere nothing but the starts of races. */
function status(line: string): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\r\x1b[K${line.slice(0, (process.stderr.columns || 80) - 1)}`)
  else if (line.endsWith('starting')) note(line)
}

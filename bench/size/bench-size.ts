/** `npm run bench -- size`: what many sessions take, and how long lists, sweeps and look-ups take among them. */
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { largePostgres } from './large-postgres.ts'
import { keepsTargets, largeTables, sizesTable } from './report.ts'
import { sessionSizes } from './session-sizes.ts'

const help = `Usage: npm run bench -- size [stores] [postgres] [options]

  stores         bytes a session in each store
  postgres       PostgreSQL with five ended sessions for each live one: lists, sweeps, look-ups

Options:
  --sessions N   live sessions (stores 100000, postgres 1000000)
  --rounds N     rounds of look-ups before and during a sweep (40)
  --seconds S    how long each part of a round takes (1.5)
  --json         results as JSON on standard output`

/** What is named, or both. Answers whether every target was kept to. */
export async function benchSize(args: readonly string[]): Promise<boolean> {
  const { words, sessions, rounds, seconds, json } = read(args)
  const wants = (word: string): boolean => words.length === 0 || words.includes(word)
  const sizes = wants('stores') ? await sessionSizes(sessions ?? 100_000) : []
  if (sizes.length > 0 && !json) console.log(`\n${sizesTable(sizes)}`)
  const large = wants('postgres')
    ? await largePostgres(sessions ?? 1_000_000, { rounds, seconds })
    : undefined
  if (large !== undefined && !json) console.log(`\n${largeTables(large)}`)
  if (json) {
    const machine = { node: process.version, cpu: cpus()[0]?.model ?? null, cores: availableParallelism() }
    console.log(JSON.stringify({ machine, rounds, seconds, sizes, postgres: large ?? null }, null, 2))
  }
  return large === undefined || keepsTargets(large)
}

function read(args: readonly string[]) {
  try {
    const { values, positionals: words } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        sessions: { type: 'string' },
        rounds: { type: 'string', default: '40' },
        seconds: { type: 'string', default: '1.5' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) {
      console.log(help)
      process.exit(0)
    }
    const strange = words.find((word) => word !== 'stores' && word !== 'postgres')
    if (strange !== undefined) throw new TypeError(`nothing is named ${strange}`)
    const { json, sessions } = values
    return {
      words,
      json,
      sessions: sessions === undefined ? undefined : numberOf('sessions', sessions, Number.isInteger, 100),
      rounds: numberOf('rounds', values.rounds, Number.isInteger, 1),
      seconds: numberOf('seconds', values.seconds, Number.isFinite, 0.1),
    }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${help}`)
    return process.exit(2)
  }
}

function numberOf(name: string, text: string, fits: (value: number) => boolean, least: number): number {
  const value = Number(text)
  if (fits(value) && value >= least) return value
  throw new TypeError(`--${name}: expected a number, at least ${least}, got ${text}`)
}

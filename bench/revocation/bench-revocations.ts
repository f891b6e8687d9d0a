/** `npm run bench -- revocation [stores]`: how long after a revocation the other nodes refuse the session. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startMariadb } from '../../test/services/mariadb.ts'
import { startPostgres } from '../../test/services/postgres.ts'
import { startRedis } from '../../test/services/redis.ts'
import { measureRevocations, type Revocations } from './revocations.ts'
import { type StoreName, storeNames } from './store-at.ts'

const revocations = 1_000
/** What the project holds itself to, in milliseconds. */
const target = 250

const servers = { postgres: startPostgres, mariadb: startMariadb, redis: startRedis } as const

/** The stores that are named, or all. Answers whether each kept to the target. */
export async function benchRevocations(words: readonly string[]): Promise<boolean> {
  const names = storeNames.filter((name) => words.length === 0 || words.includes(name))
  if (names.length === 0) {
    console.error(`Usage: npm run bench -- revocation [${storeNames.join('] [')}]`)
    process.exit(2)
  }
  const results: Revocations[] = []
  for (const name of names) results.push(await measure(name))
  const title = 'Milliseconds from a revocation until another node, with a cache, refuses the session'
  const heads = ['', 'revoked', 'p50', 'p99', 'worst', 'stall', 'target']
  console.log([title, row(heads), ...results.map(line)].join('\n'))
  return results.every(({ p99 }) => p99 <= target)
}

async function measure(name: StoreName): Promise<Revocations> {
  if (name === 'sqlite' || name === 'file') return await measureIn(name)
  const server = await servers[name]()
  try {
    return await measureRevocations(name, server.url, revocations)
  } finally {
    await server.stop()
  }
}

async function measureIn(name: StoreName): Promise<Revocations> {
  const folder = mkdtempSync(join(tmpdir(), 'sojourn-bench-'))
  try {
    return await measureRevocations(name, join(folder, 'sessions'), revocations)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function line({ store, count, p50, p99, worst, stall }: Revocations): string {
  const verdict = `p99 ${target} ${p99 <= target ? 'reached' : 'MISSED'}`
  return row([
    store,
    String(count),
    p50.toFixed(1),
    p99.toFixed(1),
    worst.toFixed(1),
    stall.toFixed(1),
    verdict,
  ])
}

function row([first = '', ...rest]: readonly string[]): string {
  return first.padEnd(10) + rest.map((cell, at) => cell.padStart(at === 5 ? 18 : 8)).join('')
}

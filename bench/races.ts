import type { ServiceName } from './private-servers.ts'
import { loops, type LoopName, servers, type ServerName } from './contestants/index.ts'

export type ContestantName = ServerName | LoopName

/** Contestants that are measured in the same rounds; the first is what the others are compared with. */
export interface Race {
  readonly title: string
  readonly names: readonly ContestantName[]
  /** The servers that its rows ask. The bench starts private ones. */
  readonly services: readonly ServiceName[]
}

/** A word that chooses these tables together. */
const storeTables = ['postgres/', 'redis/', 'cached/']

const all = [...Object.keys(servers), ...Object.keys(loops)] as readonly ContestantName[]

const groups = [
  ['express/', 'Express 5, requests a second'],
  ['postgres/', 'Express 5 over PostgreSQL, requests a second', ['postgres']],
  ['redis/', 'Express 5 over Redis, requests a second', ['redis']],
  ['cached/', 'Express 5 with a cache in front of the store, requests a second', ['postgres', 'redis']],
  ['hono/', 'Hono on Node, requests a second'],
  ['server/', 'The server on its embedded stores, requests a second'],
  ['fetch/', 'Fetch handler, called in process without a network, requests a second'],
  ['core/', 'The core, decisions a second'],
  ['life/login', 'Logins a second, each evicting one, without hashing a password'],
  ['life/rotate', 'Refresh tokens rotated a second'],
  ['life/sweep', 'Rows marked or purged by a sweep a second'],
  ['life/dry-run', 'Dry run of a policy on 100,000 sessions, sessions judged a second'],
] satisfies readonly (readonly [group: string, title: string, services?: readonly ServiceName[]])[]

const races: readonly Race[] = groups.map(([group, title, services = []]) => {
  return { title, services, names: all.filter((name) => name.startsWith(group)) }
})

/** What is to be reached: a share of the first contestant, or so many a second. */
export const targets: {
  readonly [name in ContestantName]?: { readonly ratio: number } | { readonly rate: number }
} = {
  'express/sojourn-memory': { ratio: 0.85 },
  'postgres/sojourn': { ratio: 0.85 },
  'redis/sojourn': { ratio: 0.85 },
  'cached/sojourn-postgres': { ratio: 0.85 },
  'cached/sojourn-redis': { ratio: 0.85 },
  'server/verify-cached': { ratio: 0.6 },
  'core/decide': { rate: 1_000_000 },
}

/** The races with the contestants whose names hold one of the words. The first of a race stays, to compare with. */
export function racesFor(words: readonly string[]): readonly Race[] {
  const means = (word: string, name: string): boolean =>
    word === 'stores' ? storeTables.some((table) => name.startsWith(table)) : name.includes(word)
  const wanted = (name: string): boolean => words.length === 0 || words.some((word) => means(word, name))
  return races
    .filter(({ names }) => names.some(wanted))
    .map((race) => ({ ...race, names: race.names.filter((name, at) => at === 0 || wanted(name)) }))
}

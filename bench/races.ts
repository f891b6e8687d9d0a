import { loops, type LoopName, servers, type ServerName } from './contestants/index.ts'

export type ContestantName = ServerName | LoopName

/** Contestants that are measured in the same rounds; the first is what the others are compared with. */
export interface Race {
  readonly title: string
  readonly names: readonly ContestantName[]
}

const all = [...Object.keys(servers), ...Object.keys(loops)] as readonly ContestantName[]

const races: readonly Race[] = [
  ['express/', 'Express 5, requests a second'],
  ['hono/', 'Hono on Node, requests a second'],
  ['fetch/', 'Fetch handler, called in process without a network, requests a second'],
  ['core/', 'The core, decisions a second'],
  ['life/login', 'Logins a second, each evicting one, without hashing a password'],
  ['life/rotate', 'Refresh tokens rotated a second'],
  ['life/sweep', 'Rows marked or purged by a sweep a second'],
  ['life/dry-run', 'Dry run of a policy on 100,000 sessions, sessions judged a second'],
].map(([group = '', title = '']) => ({ title, names: all.filter((name) => name.startsWith(group)) }))

/** What is to be reached: a share of the first contestant, or so many a second. */
export const targets: {
  readonly [name in ContestantName]?: { readonly ratio: number } | { readonly rate: number }
} = {
  'express/sojourn-memory': { ratio: 0.85 },
  'core/decide': { rate: 1_000_000 },
}

/** The races with the contestants whose names hold one of the words. The first of a race stays, to compare with. */
export function racesFor(words: readonly string[]): readonly Race[] {
  const wanted = (name: string): boolean => words.length === 0 || words.some((word) => name.includes(word))
  return races
    .filter(({ names }) => names.some(wanted))
    .map(({ title, names }) => ({ title, names: names.filter((name, at) => at === 0 || wanted(name)) }))
}

import { fetchSojourn } from './fetch-sojourn.ts'
import type { Loop } from './contestant.ts'
import { temporarySqlite } from './temporary-sqlite.ts'

export function loop(): Promise<Loop> {
  return fetchSojourn(temporarySqlite())
}

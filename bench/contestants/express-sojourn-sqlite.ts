import { expressSojourn } from './express-sojourn.ts'
import { temporarySqlite } from './temporary-sqlite.ts'

export const listener = expressSojourn(temporarySqlite())

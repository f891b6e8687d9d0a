import { cached } from 'sojourn/stores/cached'
import { postgres } from 'sojourn/stores/postgres'
import { expressSojourn } from './express-sojourn.ts'
import { pool } from './postgres-pool.ts'

export const listener = expressSojourn(cached(postgres(pool)))

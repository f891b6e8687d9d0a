import { cached } from 'sojourn/stores/cached'
import { redis } from 'sojourn/stores/redis'
import { expressSojourn } from './express-sojourn.ts'
import { client } from './redis-client.ts'

export const listener = expressSojourn(cached(redis(client)))

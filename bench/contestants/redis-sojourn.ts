import { redis } from 'sojourn/stores/redis'
import { expressSojourn } from './express-sojourn.ts'
import { client } from './redis-client.ts'

export const listener = expressSojourn(redis(client))

import { RedisStore } from 'connect-redis'
import { expressSessionOver } from './express-session-over.ts'
import { client } from './redis-client.ts'

export const listener = expressSessionOver(new RedisStore({ client }))

import { join } from 'node:path'
import { test } from 'node:test'
import { onPostgresAndRedis } from '../on-servers.ts'
import { killedOn } from './killed-on.ts'

killedOn(
  (name, run) => void test(name, run),
  'sqlite',
  (folder) => Promise.resolve({ SOJOURN_STORE: `sqlite:${join(folder, 'sessions.db')}` }),
)

onPostgresAndRedis('killed on servers', ({ run, database, redis }) => {
  killedOn(run, 'PostgreSQL', async () => {
    const url = await database()
    return { SOJOURN_DATABASE: url, SOJOURN_STORE: url }
  })
  killedOn(run, 'PostgreSQL and Redis', async () => ({
    SOJOURN_DATABASE: await database(),
    SOJOURN_STORE: redis(),
  }))
})

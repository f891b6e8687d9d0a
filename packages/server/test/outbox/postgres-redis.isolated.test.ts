import { openStore } from '../../src/open-store.ts'
import { onPostgresAndRedis } from '../on-servers.ts'
import { outboxOn } from './outbox-on.ts'

onPostgresAndRedis('the outbox on PostgreSQL', ({ run, database, redis }) => {
  outboxOn(run, 'PostgreSQL and Redis', async () => ({
    database: await database(),
    store: await openStore({ store: redis(), cache: null }),
  }))
  outboxOn(run, 'PostgreSQL twice', async () => {
    const url = await database()
    return { database: url, store: await openStore({ store: url, cache: null }) }
  })
})

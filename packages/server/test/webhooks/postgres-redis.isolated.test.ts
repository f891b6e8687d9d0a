import { openStore } from '../../src/open-store.ts'
import { onPostgresAndRedis } from '../on-servers.ts'
import { webhooksOn } from './webhooks-on.ts'

onPostgresAndRedis('webhooks on PostgreSQL and Redis', ({ run, database, redis }) =>
  webhooksOn(run, 'PostgreSQL and Redis', async () => ({
    env: { SOJOURN_DATABASE: await database() },
    store: await openStore({ store: redis(), cache: null }),
  })),
)

import { openStore } from '../../src/open-store.ts'
import { onPostgresAndRedis } from '../on-servers.ts'
import { waysInOn } from './ways-in.ts'

onPostgresAndRedis('integrations on PostgreSQL, their sessions on Redis', ({ run, database, redis }) =>
  waysInOn(run, 'postgres and redis', async () => ({
    env: { SOJOURN_DATABASE: await database() },
    store: await openStore({ store: redis(), cache: null }),
  })),
)

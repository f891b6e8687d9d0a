import { openDatabase } from '../../src/database/open-database.ts'
import { openStore } from '../../src/open-store.ts'
import { apiKeysIn } from '../keys/api-keys.ts'
import { introspectionOn } from '../keys/introspection.ts'
import { onPostgresAndRedis } from '../on-servers.ts'
import { forwardAuthOn } from './forward-auth.ts'

onPostgresAndRedis('accounts and keys in PostgreSQL, sessions in Redis', ({ run, database, redis }) => {
  const open = async () => ({
    env: { SOJOURN_DATABASE: await database() },
    store: await openStore({ store: redis(), cache: null }),
  })
  forwardAuthOn(run, 'postgres and redis', open)
  introspectionOn(run, 'postgres and redis', open)
  apiKeysIn(run, 'postgres', async (t) => {
    const opened = await openDatabase(await database())
    t.after(() => opened.destroy())
    return opened
  })
})

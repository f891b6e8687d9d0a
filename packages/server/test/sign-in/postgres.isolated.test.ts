import { openStore } from '../../src/open-store.ts'
import { onPostgres } from '../on-servers.ts'
import { signInOn } from './sign-in-on.ts'

onPostgres('signing in on PostgreSQL', ({ run, database }) =>
  signInOn(run, 'postgres', async () => {
    const url = await database()
    return { env: { SOJOURN_DATABASE: url }, store: await openStore({ store: url, cache: null }) }
  }),
)

import { openStore } from '../../src/open-store.ts'
import { onPostgres } from '../on-servers.ts'
import { adminSessionsOn } from './admin-api.ts'
import { deniedLoginsOn } from './denied-logins.ts'
import { plansOn } from './plans.ts'

onPostgres('the API of administrators on PostgreSQL', ({ run, database }) => {
  /** A database of the test's own, for accounts and sessions. */
  const open = async () => {
    const url = await database()
    return { env: { SOJOURN_DATABASE: url }, store: await openStore({ store: url, cache: null }) }
  }
  for (const suite of [adminSessionsOn, plansOn, deniedLoginsOn]) suite(run, 'postgres', open)
})

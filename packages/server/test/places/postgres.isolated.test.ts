import { openStore } from '../../src/open-store.ts'
import { onPostgres } from '../on-servers.ts'
import { placesOn } from './places-on.ts'

onPostgres('places on PostgreSQL', ({ run, database }) =>
  placesOn(run, 'postgres', async () => {
    const url = await database()
    return { env: { SOJOURN_DATABASE: url }, store: await openStore({ store: url, cache: null }) }
  }),
)

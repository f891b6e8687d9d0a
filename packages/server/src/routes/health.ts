import { isReady } from '../database/open-database.ts'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'

/** What answers without looking at a session: probes of machines, the stylesheet. */
export const healthRoutes: readonly Route[] = [
  { method: 'GET', path: '/healthz', access: 'public', handle: (asked) => asked.json({ status: 'ok' }) },
  { method: 'GET', path: '/readyz', access: 'public', handle: readiness },
]

/** How long each part may take to answer, in milliseconds. */
const patience = 1_000

/** Ready once both the session store and the database answer; 503 else, with what does not, and what kind of store it is. */
async function readiness(asked: Asked, { sessions, storeName, database, log }: Parts): Promise<Response> {
  const store = sessions.get('readyz').then(
    () => true,
    (error: unknown) => {
      log.warn({ err: error }, 'the session store does not answer')
      return false
    },
  )
  const [storeIsReady, databaseIsReady] = await Promise.all([store, isReady(database, patience)])
  const isWell = storeIsReady && databaseIsReady
  return asked.json(
    {
      status: isWell ? 'ok' : 'unavailable',
      store: storeIsReady,
      storeName,
      database: databaseIsReady,
    },
    isWell ? 200 : 503,
  )
}

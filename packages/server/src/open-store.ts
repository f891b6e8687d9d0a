import { SessionError, type Store } from 'sojourn'
import { cached } from 'sojourn/stores/cached'
import { resilient } from 'sojourn/stores/resilient'
import type { Config } from './config.ts'
import { unusable } from './config/opened.ts'
import type { Logger } from './logger.ts'
import { makePrivate } from './private-file.ts'
import { observeStore, type StoreWatch } from './stores/observe-store.ts'
import { readStorePlace, type StorePlace } from './stores/store-place.ts'
import { withoutPassword } from './stores/without-password.ts'

/**
 * Where sessions are kept, as `SOJOURN_STORE` says, behind the cache of `SOJOURN_CACHE` if there is one. It has answered once:
 * what cannot be used is refused at the start, in one line without a secret. `log` hears when it is down and when it is back.
 */
export async function openStore(
  { store: written, cache }: Pick<Config, 'store' | 'cache'>,
  log?: Pick<Logger, 'info' | 'warn'>,
  watch: StoreWatch = { metrics: undefined, tracer: undefined },
): Promise<Store> {
  const place = readStorePlace(written, 'SOJOURN_STORE')
  const { open, expected, isRemote } = openers[place.kind] as Opener<StorePlace>
  const { metrics } = watch
  const answers = observeStore(await answering(open, place, expected, written), watch)
  const tell = teller(log)
  const onState = (state: 'closed' | 'open' | 'half-open'): void => {
    metrics?.storeState(state)
    tell(state)
  }
  if (isRemote) metrics?.storeState('closed')
  const plain = isRemote ? resilient(answers, { ...patience, onState }) : answers
  if (cache === null) return plain
  const onError = (error: unknown): void =>
    log?.warn(
      { err: error },
      'the changes of the session store could not be read: it is asked for each request',
    )
  return cached(plain, { staleness: cache, onError, ...(metrics && { onAnswer: metrics.onAnswer }) })
}

/** One try may take almost all of the policy's `storeTimeout`: some steps are long. What fails at once is tried again at once. */
const patience = { deadline: 1_900, tryFor: 1_500 } as const

interface Opener<Place extends StorePlace> {
  readonly open: (place: Place) => Store | Promise<Store>
  /** What is needed, for who does not have it. */
  readonly expected: string
  /** Whether a network is in between. */
  readonly isRemote: boolean
}

const writable = 'a file that can be written (without it, SOJOURN_DATA: a folder that can)'

/** Each brings its client along only where it is needed. */
const openers: { readonly [Kind in StorePlace['kind']]: Opener<Extract<StorePlace, { kind: Kind }>> } = {
  memory: {
    open: async () => (await import('sojourn/stores/memory')).memory(),
    expected: 'memory:',
    isRemote: false,
  },
  sqlite: {
    async open({ file }) {
      if (file !== ':memory:') await makePrivate(file)
      return (await import('sojourn/stores/sqlite')).sqlite(file)
    },
    expected: writable,
    isRemote: false,
  },
  file: {
    open: async ({ folder }) => (await import('sojourn/stores/file')).file(folder),
    expected: 'a folder of this machine that its owner alone can read, and can write',
    isRemote: false,
  },
  postgres: {
    open: async (place) => (await import('./stores/open-postgres.ts')).openPostgres(place),
    expected: 'a PostgreSQL database that answers and lets us in',
    isRemote: true,
  },
  mysql: {
    open: async (place) => (await import('./stores/open-mysql.ts')).openMysql(place),
    expected: 'a database of MariaDB or MySQL that answers and lets us in',
    isRemote: true,
  },
  redis: {
    open: async (place) => (await import('./stores/open-redis.ts')).openRedis(place),
    expected:
      'a Redis 7 or Valkey that answers and lets us in (a cluster: redis+cluster://host:port,host:port)',
    isRemote: true,
  },
  'redis-cluster': {
    open: async (place) => (await import('./stores/open-redis.ts')).openRedisCluster(place),
    expected: 'a Redis Cluster that answers and lets us in (one server: redis://host:port)',
    isRemote: true,
  },
  memcached: {
    open: async (place) => (await import('./stores/open-memcached.ts')).openMemcached(place),
    expected: 'a Memcached that answers',
    isRemote: true,
  },
}

/** Opens a store and asks it once, which makes its tables where it has some. Its client does not outlive a failure. */
async function answering<Place extends StorePlace>(
  open: Opener<Place>['open'],
  place: Place,
  expected: string,
  written: string,
): Promise<Store> {
  let store: Store | undefined
  try {
    store = await open(place)
    await store.find('sojourn-start')
    return store
  } catch (error) {
    await store?.close?.()
    throw unusable('SOJOURN_STORE', expected, new Error(withoutPassword(saidBy(error), written)))
  }
}

/** What a failure says, with what the client said: the store's word alone may be that it cannot answer. */
function saidBy(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(saidBy).join('; ')
  if (!(error instanceof Error)) return String(error)
  const { message, cause } = error
  const said = error instanceof SessionError && cause !== undefined ? saidBy(cause) : ''
  const whole = said === '' || message.includes(said) ? message : `${message}: ${said}`
  return whole.split(/[\r\n]/, 1)[0] ?? ''
}

/** Tells once that the store is down, and once that it is back. */
function teller(log: Pick<Logger, 'info' | 'warn'> | undefined) {
  let isDown = false
  return (state: 'closed' | 'open' | 'half-open'): void => {
    if (state === 'open' && !isDown) {
      isDown = true
      log?.warn({ event: 'store.down' }, 'the session store does not answer: requests are refused with 503')
    } else if (state === 'closed' && isDown) {
      isDown = false
      log?.info({ event: 'store.up' }, 'the session store answers again')
    }
  }
}

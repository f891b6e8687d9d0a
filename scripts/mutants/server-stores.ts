import type { Mutant } from './mutant.ts'

const source = 'packages/server/src'
const tests = 'packages/server/test/stores'
const reading = [`${tests}/store-place.test.ts`] as const
const starting = [`${tests}/start.isolated.test.ts`] as const
const client = [`${tests}/memcached-connection.isolated.test.ts`] as const

/** A server whose store is another than it was told, shows its password, or is late beyond the bound. */
export const serverStoreMutants: readonly Mutant[] = [
  {
    name: 'server-store-password-in-the-path',
    file: `${source}/stores/store-place.ts`,
    find: "if ((url.pathname + url.search).includes('@'))",
    replace: 'if (false)',
    why: 'half of a password that is not encoded would be the name of a database, and stand in an error',
    tests: reading,
  },
  {
    name: 'server-store-password-is-told',
    file: `${source}/stores/without-password.ts`,
    find: "rest.replaceAll(one, '[redacted]')",
    replace: 'rest.replaceAll(one, one)',
    why: 'what a client says of its URL would be told with the password',
    tests: reading,
  },
  {
    name: 'server-store-half-a-password',
    file: `${source}/stores/without-password.ts`,
    find: "rest.replaceAll(one, '[redacted]'), text)",
    replace: "rest.replaceAll(one, '[redacted]'), text.slice(0, longest))",
    why: 'the half of a password that is left of a long error would be told',
    tests: reading,
  },
  {
    name: 'server-store-unknown-parameter',
    file: `${source}/stores/store-place.ts`,
    find: 'names.some((name) => !known.includes(name)) || ',
    replace: '',
    why: 'a misspelt parameter would be left out in silence',
    tests: reading,
  },
  {
    name: 'server-store-waits-at-the-start',
    file: `${source}/stores/open-redis.ts`,
    find: '(wasUp ? pauseAfter(tries) : cause)',
    replace: 'pauseAfter(tries)',
    why: 'a start over a server that is not there would wait without a word',
    tests: starting,
  },
  {
    name: 'server-store-node-of-a-cluster',
    file: `${source}/stores/open-redis.ts`,
    find: "if (facts.includes('cluster_enabled:1'))",
    replace: 'if (false)',
    why: 'one node of a cluster would be asked, until the first failover',
    tests: starting,
  },
  {
    name: 'server-store-outlives-a-failed-start',
    file: `${source}/open-store.ts`,
    find: '    await store?.close?.()\n',
    replace: '',
    why: 'a start that failed would leave its client open, and never end',
    tests: starting,
  },
  {
    name: 'server-store-cache-left-out',
    file: `${source}/open-store.ts`,
    find: 'if (cache === null) return plain',
    replace: 'return plain',
    why: 'SOJOURN_CACHE would do nothing',
    tests: [`${tests}/redis.isolated.test.ts`],
  },
  {
    name: 'server-store-cache-beyond-its-bound',
    file: `${source}/open-store.ts`,
    find: 'staleness: cache,',
    replace: 'staleness: cache * 20,',
    why: 'a revocation would be seen later than the setting says',
    tests: [`${tests}/memcached.isolated.test.ts`],
  },
  {
    name: 'server-memcached-lost-race-is-won',
    file: `${source}/stores/memcached-connection.ts`,
    find: "said === 'STORED' ? true",
    replace: "said === 'STORED' || said === 'EXISTS' ? true",
    why: 'of two writers both would believe that they wrote',
    tests: client,
  },
  {
    name: 'server-memcached-stale-answer',
    file: `${source}/stores/memcached-connection.ts`,
    find: 'if (this.#rest.length > 0) this.#drop(socket)',
    replace: '',
    why: 'what nobody asked for would be the answer to the next question',
    tests: client,
  },
  {
    name: 'server-memcached-waits-for-ever',
    file: `${source}/stores/memcached-connection.ts`,
    find: 'this.#patience ??= setTimeout(() => this.#giveUp(), silence)',
    replace: '',
    why: 'a server that stands still would keep its connection, and all that is asked on it',
    tests: client,
  },
]

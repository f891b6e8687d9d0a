import type { Store } from 'sojourn'
import { memcached } from 'sojourn/stores/memcached'
import { MemcachedConnection } from './memcached-connection.ts'
import { openedStore } from './opened-store.ts'
import type { MemcachedPlace } from './store-place.ts'

/** Sessions in Memcached, over one connection. It connects when it is asked. */
export function openMemcached({ host, port, prefix }: MemcachedPlace): Store {
  const connection = new MemcachedConnection({ host, port })
  return openedStore(memcached(connection, prefix === undefined ? {} : { prefix }), () => connection.close())
}

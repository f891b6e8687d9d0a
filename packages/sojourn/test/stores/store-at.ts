import type { Store } from '../../src/core/store.ts'
import { file } from '../../src/stores/file.ts'
import { sqlite } from '../../src/stores/sqlite.ts'

/** A store in a process of its own, whose end lets the process end. */
export type Opened = Store & { close(): Promise<void> }

/** How to open what stands at a URL, by its scheme. Each brings its client along only where it is needed. */
const openers: { readonly [scheme: string]: (url: string) => Promise<Opened> } = {
  'redis:': async (url) => (await import('./redis/open.ts')).openRedis(url, closing),
  'redis+cluster:': async (url) => (await import('./redis/open.ts')).openRedis(url, closing),
  'mysql:': async (url) => (await import('./mysql/open.ts')).openMysql(url, closing),
  'file:': async (url) => closing(file(url.slice('file:'.length)), () => undefined),
  'postgres:': async (url) => (await import('./postgres/open.ts')).openPostgres(url, closing),
  'sqlite:': async (url) => closing(sqlite(url.slice('sqlite:'.length)), () => undefined),
}

export async function storeAt(url: string): Promise<Opened> {
  const scheme = /^[a-z+]+:/.exec(url)?.[0] ?? ''
  const open = openers[scheme]
  if (open === undefined) throw new TypeError(`No store is known for ${url}`)
  return await open(url)
}

/** The store, which closes its client with it. */
export function closing(store: Store, closeClient: () => unknown): Opened {
  const close = async (): Promise<void> => {
    await store.close?.()
    await closeClient()
  }
  return new Proxy(store, {
    get: (target, key) => {
      if (key === 'close') return close
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  }) as Opened
}

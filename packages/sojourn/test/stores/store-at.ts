import { file } from '../../src/stores/file.ts'
import { sqlite } from '../../src/stores/sqlite.ts'
import { closing, type Opened } from './closing.ts'

/** How to open what stands at a URL, by its scheme. Each brings its client along only where it is needed. */
const openers: { readonly [scheme: string]: (url: string) => Promise<Opened> } = {
  'redis:': async (url) => (await import('./redis/open.ts')).openRedis(url),
  'redis+cluster:': async (url) => (await import('./redis/open.ts')).openRedis(url),
  'memcached:': async (url) => (await import('./memcached/open.ts')).openMemcached(url),
  'mysql:': async (url) => (await import('./mysql/open.ts')).openMysql(url),
  'file:': async (url) => closing(file(url.slice('file:'.length)), () => undefined),
  'postgres:': async (url) => (await import('./postgres/open.ts')).openPostgres(url),
  'sqlite:': async (url) => closing(sqlite(url.slice('sqlite:'.length)), () => undefined),
}

export async function storeAt(url: string): Promise<Opened> {
  const scheme = /^[a-z+]+:/.exec(url)?.[0] ?? ''
  const open = openers[scheme]
  if (open === undefined) throw new TypeError(`No store is known for ${url}`)
  return await open(url)
}

import { refused } from '../config/refused.ts'

/** Where sessions are kept, as `SOJOURN_STORE` says it. */
export type StorePlace =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'file'; readonly folder: string }
  | PostgresPlace
  | MysqlPlace
  | RedisPlace
  | RedisClusterPlace
  | MemcachedPlace

export interface PostgresPlace {
  readonly kind: 'postgres'
  /** What the client is given. */
  readonly url: string
  readonly schema: string | undefined
  readonly prepare: boolean
}

export interface MysqlPlace extends Server, Login {
  readonly kind: 'mysql'
  readonly database: string
  readonly tls: boolean
}

export interface RedisPlace extends RedisChoice {
  readonly kind: 'redis'
  /** What the client is given. */
  readonly url: string
}

export interface RedisClusterPlace extends RedisChoice, Login {
  readonly kind: 'redis-cluster'
  /** The nodes that the others are asked of. */
  readonly urls: readonly string[]
  readonly tls: boolean
}

export interface MemcachedPlace extends Server {
  readonly kind: 'memcached'
  readonly prefix: string | undefined
}

export interface Server {
  readonly host: string
  readonly port: number
}

interface Login {
  readonly user: string | undefined
  readonly password: string | undefined
}

interface RedisChoice {
  readonly tag: string | undefined
  /** How many replicas must have what was answered. */
  readonly replicas: number | undefined
}

/** How each is written, for who wrote something else. */
export const storeForms = {
  memory: 'memory:',
  sqlite: 'sqlite:<file>',
  file: 'file:<folder>',
  postgres: 'postgres://user:password@host:5432/database',
  mysql: 'mysql://user:password@host:3306/database',
  redis: 'redis://user:password@host:6379',
  'redis-cluster': 'redis+cluster://user:password@host:7000,host:7001',
  memcached: 'memcached://host:11211',
} as const satisfies { readonly [kind in StorePlace['kind']]: string }

/**
 * Reads where sessions are kept, or throws with the path of the setting. A refusal says what was expected and which part is
 * wrong, and shows nothing of what came but its scheme: a password that is not encoded may stand anywhere in it.
 */
export function readStorePlace(written: unknown, path: string): StorePlace {
  const scheme = typeof written === 'string' ? /^([a-z][a-z+]{0,30}):/.exec(written)?.[1] : undefined
  const all = Object.values(storeForms).join(', ')
  if (typeof written !== 'string' || scheme === undefined)
    throw refused(path, `one of ${all}`, 'something without a scheme, which is not shown', 'told')
  const read = Object.hasOwn(readers, scheme) ? readers[scheme] : undefined
  if (read === undefined) throw refused(path, `one of ${all}`, `${scheme}:…`)
  const refuse = (kind: StorePlace['kind']) => (what: string) =>
    refused(path, storeForms[kind], `${scheme}:… ${what}`, 'told')
  return read(written.slice(scheme.length + 1), refuse, scheme)
}

const advice = 'percent-encode what is special in a user or a password'

type Refuse = (what: string) => Error
type Read = (rest: string, refuse: (kind: StorePlace['kind']) => Refuse, scheme: string) => StorePlace

const readers: { readonly [scheme: string]: Read } = {
  memory(rest, refuse) {
    if (rest !== '') throw refuse('memory')('with something behind it')
    return { kind: 'memory' }
  },
  sqlite(rest, refuse) {
    if (rest === '' || rest.includes('\0')) throw refuse('sqlite')('without a file')
    return { kind: 'sqlite', file: rest }
  },
  file(rest, refuse) {
    if (rest === '' || rest.includes('\0')) throw refuse('file')('without a folder')
    if (/^\/\/[^/]/.test(rest)) throw refuse('file')('of another machine')
    return { kind: 'file', folder: rest }
  },
  postgres,
  postgresql: postgres,
  mysql,
  mariadb: mysql,
  redis,
  rediss: redis,
  'redis+cluster': redisCluster,
  'rediss+cluster': redisCluster,
  memcached,
}

function postgres(rest: string, refuseAs: (kind: 'postgres') => Refuse): PostgresPlace {
  const refuse = refuseAs('postgres')
  // A socket: no host stands there, and `host` names its folder.
  const socket = /[?&]host=%2F/i.test(rest)
  const url = urlOf(`postgres:${socket ? rest.replace('@/', '@localhost/') : rest}`, refuse)
  databaseOf(url, refuse)
  loginOf(url, refuse)
  const taken = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'application_name', 'options']
  const { schema, prepare } = parametersOf(url, ['schema', 'prepare'], [...taken, 'host'], refuse)
  if (schema !== undefined && !/^[A-Za-z_]\w{0,62}$/.test(schema))
    throw refuse('with a schema that is no plain name')
  if (!['true', 'false', undefined].includes(prepare))
    throw refuse('with a prepare that is not true or false')
  return { kind: 'postgres', url: url.href, schema, prepare: prepare !== 'false' }
}

function mysql(rest: string, refuseAs: (kind: 'mysql') => Refuse): MysqlPlace {
  const refuse = refuseAs('mysql')
  const url = urlOf(`mysql:${rest}`, refuse)
  const database = databaseOf(url, refuse)
  const { tls } = parametersOf(url, ['tls'], [], refuse)
  if (!['true', 'false', undefined].includes(tls)) throw refuse('with a tls that is not true or false')
  return { kind: 'mysql', ...serverOf(url, 3306), ...loginOf(url, refuse), database, tls: tls === 'true' }
}

function redis(rest: string, refuseAs: (kind: 'redis') => Refuse, scheme: string): RedisPlace {
  const refuse = refuseAs('redis')
  const url = urlOf(`${scheme}:${rest}`, refuse)
  loginOf(url, refuse)
  if (!/^\/?\d{0,4}$/.test(url.pathname)) throw refuse('with a path that is not the number of a database')
  const choice = redisChoice(url, refuse)
  return { kind: 'redis', url: url.href, ...choice }
}

function redisCluster(
  rest: string,
  refuseAs: (kind: 'redis-cluster') => Refuse,
  scheme: string,
): RedisClusterPlace {
  const refuse = refuseAs('redis-cluster')
  const [, login = '', hosts, more] = /^\/\/([^@/?#]*@)?([^@/?#]+)((?:[/?].*)?)$/.exec(rest) ?? []
  if (hosts === undefined) throw refuse(`without hosts behind at most one user; ${advice}`)
  const urls = hosts.split(',').map((host) => urlOf(`redis://${login}${host}${more}`, refuse))
  const [url] = urls
  if (url === undefined) throw refuse('without a host')
  if (!/^\/?$/.test(url.pathname)) throw refuse('with a path: a cluster has one database')
  const tls = scheme.startsWith('rediss')
  const nodes = urls.map((each) => `redis${tls ? 's' : ''}://${each.hostname}:${each.port || 6379}`)
  return { kind: 'redis-cluster', urls: nodes, ...loginOf(url, refuse), tls, ...redisChoice(url, refuse) }
}

function redisChoice(url: URL, refuse: Refuse): RedisChoice {
  const { tag, replicas } = parametersOf(url, ['tag', 'replicas'], [], refuse)
  if (tag !== undefined && !/^[^{}\s]{1,100}$/.test(tag))
    throw refuse('with a tag that is not a name of 1 to 100 characters without braces or blanks')
  if (replicas !== undefined && !/^[1-9]$/.test(replicas))
    throw refuse('with replicas that are not a number from 1 to 9')
  return { tag, replicas: replicas === undefined ? undefined : Number(replicas) }
}

function memcached(rest: string, refuseAs: (kind: 'memcached') => Refuse): MemcachedPlace {
  const refuse = refuseAs('memcached')
  if (/^\/\/[^/?#]*,/.test(rest))
    throw refuse('with several servers: one that comes back would bring back what was revoked meanwhile')
  const url = urlOf(`memcached:${rest}`, refuse)
  if (url.username !== '' || url.password !== '')
    throw refuse('with a user, and Memcached asks nobody for a password: bind it to a private network')
  if (!/^\/?$/.test(url.pathname)) throw refuse('with a path')
  const { prefix } = parametersOf(url, ['prefix'], [], refuse)
  if (prefix !== undefined && !/^[\x21-\x7e]{1,100}$/.test(prefix))
    throw refuse('with a prefix that is not 1 to 100 printable letters without a space')
  return { kind: 'memcached', ...serverOf(url, 11_211), prefix }
}

/** The whole as a URL. What is special in a password, and not encoded, moves its rest into other parts: that is refused. */
function urlOf(text: string, refuse: Refuse): URL {
  if (/[\s\p{Cc}]/u.test(text)) throw refuse(`with a blank; ${advice}`)
  if (!URL.canParse(text)) throw refuse(`that is no URL; ${advice}`)
  const url = new URL(text)
  if (text.includes('#')) throw refuse(`with a #; ${advice}`)
  if ((url.pathname + url.search).includes('@')) throw refuse(`with an @ behind the host; ${advice}`)
  if (!/^(?:[\w.-]+|\[[\da-f:.]+\])$/i.test(url.hostname)) throw refuse('without one host')
  return url
}

function databaseOf({ pathname }: URL, refuse: Refuse): string {
  const name = decoded(pathname.slice(1), refuse)
  if (!/^[^/\0]{1,64}$/.test(name)) throw refuse('without the name of a database')
  return name
}

function serverOf({ hostname, port }: URL, otherwise: number): Server {
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? otherwise : Number(port) }
}

function loginOf({ username, password }: URL, refuse: Refuse): Login {
  const read = (text: string): string | undefined => (text === '' ? undefined : decoded(text, refuse))
  return { user: read(username), password: read(password) }
}

function decoded(text: string, refuse: Refuse): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw refuse('with a % that begins no code; write %25 for it')
  }
}

/** Takes our own parameters out of the URL; `theirs` stay for the client, and no other may stand there. */
function parametersOf<Name extends string>(
  url: URL,
  ours: readonly Name[],
  theirs: readonly string[],
  refuse: Refuse,
): { readonly [name in Name]?: string } {
  const known: readonly string[] = [...ours, ...theirs]
  const names = [...url.searchParams.keys()]
  if (names.some((name) => !known.includes(name)) || new Set(names).size < names.length)
    throw refuse(`with a parameter that is not one of ${known.join(', ')}, or is there twice`)
  const values: { [name in Name]?: string } = {}
  for (const name of ours) {
    const value = url.searchParams.get(name)
    if (value !== null) values[name] = value
    url.searchParams.delete(name)
  }
  return values
}

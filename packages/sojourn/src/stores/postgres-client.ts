import { createHash } from 'node:crypto'
import { invalidOption } from '../core/errors.ts'
import type { Millis } from '../core/session.ts'
import type { Value } from './postgres-filter.ts'
import type { Row } from './postgres-row.ts'

/** What is used of a `Pool` of `pg`. */
export interface PgPool {
  query(query: PgQuery): Promise<{ readonly rows: Row[] }>
  connect(): Promise<PgPoolClient>
  readonly options?: { readonly max?: number }
}

export interface PgQuery {
  readonly text: string
  readonly values: Value[]
  readonly rowMode: 'array'
  readonly name?: string
  readonly query_timeout?: number
}

export interface PgPoolClient {
  query(query: PgQuery): Promise<{ readonly rows: Row[] }>
  release(destroy?: boolean): void
  on(event: 'notification' | 'error' | 'end', heard: () => void): unknown
  unref?(): void
}

/** What is used of `postgres`, also known as postgres.js. */
export interface PostgresJs {
  unsafe(text: string, values: Value[], options: { readonly prepare: boolean }): PostgresJsQuery
  reserve(): Promise<Pick<PostgresJs, 'unsafe'> & { release(): void }>
  listen(channel: string, heard: () => void, listens?: () => void): Promise<{ unlisten(): Promise<void> }>
}

export interface PostgresJsQuery {
  values(): PromiseLike<Row[]>
  cancel?(): unknown
}

export type PostgresClient = PgPool | PostgresJs

/** A statement and its rows, each an array in the order of its columns. */
export type Query = (text: string, values?: readonly Value[]) => Promise<readonly Row[]>

/** What the store needs of a client, whichever it is. */
export interface Connection {
  readonly query: Query
  /** Gives statements one connection, for what belongs to it. */
  dedicated<T>(run: (query: Query) => Promise<T>): Promise<T>
  /** Listens to a channel on a connection of its own, until it is called off. `lost`: it no longer does. */
  listen(channel: string, on: Listening): Promise<() => void>
  /** Whether a connection can be spared for that. */
  readonly canListen: boolean
}

export interface Listening {
  readonly heard: () => void
  readonly lost: () => void
}

export interface ConnectionOptions {
  readonly prepare: boolean
  readonly deadline: Millis
}

export function connectionOf(client: PostgresClient, options: ConnectionOptions): Connection {
  if ('unsafe' in client && typeof client.unsafe === 'function') return overPostgresJs(client, options)
  if ('connect' in client && typeof client.query === 'function') return overPool(client, options)
  throw invalidOption('client', 'a Pool of pg, or a client of postgres', client)
}

function overPool(pool: PgPool, { prepare, deadline }: ConnectionOptions): Connection {
  const nameOf = statementNames()
  const on =
    (client: Pick<PgPool, 'query'>, isPrepared: boolean): Query =>
    async (text, values = []) => {
      const query: PgQuery = { text, values: [...values], rowMode: 'array', query_timeout: deadline }
      return (await client.query(isPrepared ? { ...query, name: nameOf(text) } : query)).rows
    }
  return {
    query: on(pool, prepare),
    async dedicated(run) {
      const client = await pool.connect()
      let isSound = false
      try {
        const result = await run(on(client, false))
        isSound = true
        return result
      } finally {
        client.release(!isSound)
      }
    },
    async listen(channel, { heard, lost }) {
      const client = await pool.connect()
      let isOver = false
      const end = (): void => {
        if (isOver) return
        isOver = true
        client.release(true)
      }
      const fail = (): void => {
        if (!isOver) lost()
        end()
      }
      client.on('notification', heard)
      client.on('error', fail)
      client.on('end', fail)
      client.unref?.()
      try {
        await on(client, false)(`LISTEN "${channel}"`)
      } catch (error) {
        end()
        throw error
      }
      return end
    },
    canListen: (pool.options?.max ?? 10) > 1,
  }
}

function overPostgresJs(sql: PostgresJs, { prepare, deadline }: ConnectionOptions): Connection {
  const on =
    (client: Pick<PostgresJs, 'unsafe'>, isPrepared: boolean): Query =>
    async (text, values = []) => {
      const query = client.unsafe(text, [...values], { prepare: isPrepared })
      const timer = setTimeout(() => query.cancel?.(), deadline)
      try {
        return await query.values()
      } finally {
        clearTimeout(timer)
      }
    }
  return {
    query: on(sql, prepare),
    async dedicated(run) {
      const reserved = await sql.reserve()
      try {
        return await run(on(reserved, false))
      } finally {
        reserved.release()
      }
    },
    async listen(channel, { heard }) {
      // It connects again by itself, and may have missed something until then.
      const { unlisten } = await sql.listen(channel, heard, heard)
      return () => void unlisten().catch(() => undefined)
    },
    canListen: true,
  }
}

/** Names for prepared statements: the same for the same text, in every store that shares a connection. */
function statementNames(): (text: string) => string {
  const names = new Map<string, string>()
  return (text) => {
    const known = names.get(text)
    if (known !== undefined) return known
    const name = `sojourn_${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`
    names.set(text, name)
    return name
  }
}

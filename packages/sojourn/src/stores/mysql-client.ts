import { SessionError } from '../core/errors.ts'

/** A pool of `mysql2/promise`, with a database, autocommit and the charset utf8mb4, which are what it has unless told otherwise. */
export interface MysqlClient {
  execute(statement: MysqlStatement): Promise<readonly [unknown, ...unknown[]]>
  getConnection(): Promise<MysqlConnection>
}

export interface MysqlConnection {
  query(statement: {
    readonly sql: string
    readonly rowsAsArray: true
  }): Promise<readonly [unknown, ...unknown[]]>
  release(): void
}

export interface MysqlStatement {
  readonly sql: string
  readonly values: Value[]
  readonly rowsAsArray: true
}

export type Value = string | number | null
export type Row = readonly Value[]

/** How often a step is tried that the server undid to resolve a deadlock. */
const attempts = 10
const deadlock = 1213
const tooLong = 1406

/** The rows of one statement. */
export async function query(connection: MysqlConnection, sql: string): Promise<readonly Row[]> {
  const [rows] = await connection.query({ sql, rowsAsArray: true })
  return Array.isArray(rows) ? (rows as Row[]) : []
}

/** Talks to a server whose answers are rows of arrays, with numbers as numbers whatever the pool is told about large ones. */
export class MysqlConnections {
  readonly #client: MysqlClient

  constructor(client: MysqlClient) {
    this.#client = client
  }

  /** The rows of one statement. */
  async select(sql: string, values: readonly Value[]): Promise<readonly Row[]> {
    try {
      return (await this.#execute(sql, values)) as Row[]
    } catch (error) {
      throw unavailable(error)
    }
  }

  /**
   * What a procedure answers: the rows of each of its results. It is one transaction: after a deadlock nothing of it is left, and
   * it is called anew.
   */
  async call(procedure: string, values: readonly Value[]): Promise<readonly (readonly Row[])[]> {
    const sql = `CALL ${procedure}(${values.map(() => '?').join(', ')})`
    for (let attempt = 1; ; attempt++) {
      try {
        const results = await this.#execute(sql, values)
        // The last is no result but a summary; where there is no result, it stands alone.
        return Array.isArray(results) ? (results.filter((rows) => Array.isArray(rows)) as Row[][]) : []
      } catch (error) {
        if (codeOf(error) !== deadlock || attempt === attempts) throw unavailable(error)
      }
    }
  }

  async #execute(sql: string, values: readonly Value[]): Promise<unknown> {
    const [result] = await this.#client.execute({ sql, values: [...values], rowsAsArray: true })
    return result
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'errno' in error ? error.errno : undefined
}

/** What a failure of MySQL is to a caller. Errors of the library, and mistakes of the program, stay what they are. */
export function unavailable(error: unknown): unknown {
  if (error instanceof SessionError || error instanceof TypeError) return error
  const message = error instanceof Error ? error.message : String(error)
  // "Data too long for column …" names the column, never the value.
  if (codeOf(error) === tooLong)
    return new SessionError('invalid_data', `MySQL: ${message}`, { cause: error })
  return new SessionError('store_unavailable', `MySQL cannot answer: ${message}`, { cause: error })
}

import { deadlineOf } from '../core/session.ts'
import type { Instant, Session } from '../core/session.ts'
import type { End } from '../core/store.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { whereForgotten, whereSwept } from './sqlite-filter.ts'
import type { SweptWatermark } from './sqlite-filter.ts'
import type { Names } from './sqlite-names.ts'
import { statementsOf } from './sqlite-statements.ts'
import type { SqliteTable } from './sqlite-table.ts'
import type { SweepingTable, SweptOnly } from './sweep.ts'
import type { Standing } from './standing.ts'

type WatermarkRow = readonly [
  scope: string,
  realm: string,
  subject: string | null,
  method: string | null,
  policy: string | null,
  at: Instant,
  sweptCreatedAt: Instant | null,
  sweptId: string | null,
]

/** The rows of a SQLite store as a sweep sees them, within a step of the connection. */
export class SqliteSweep implements SweepingTable<SweptWatermark> {
  readonly #connection: SqliteConnection
  readonly #table: SqliteTable
  readonly #names: Names
  readonly #sql: ReturnType<typeof statementsOf>

  constructor(connection: SqliteConnection, table: SqliteTable, names: Names) {
    this.#connection = connection
    this.#table = table
    this.#names = names
    this.#sql = statementsOf(names)
  }

  below(ids: readonly string[]): readonly Standing[] {
    return this.#table.below(ids)
  }

  end(standing: Standing, end: End): Session {
    return this.#table.end(standing, end)
  }

  forget(session: Session): Session {
    return this.#table.forget(session)
  }

  ofSubject(realm: string, subject: string): readonly Standing[] {
    return this.#table.ofSubject(realm, subject)
  }

  forgetDead(now: Instant, limit: number, only: SweptOnly): number {
    return this.#change(this.#sql.forgetDead, this.#sql.forgetDeadOfSubject, now, limit, only)
  }

  purge(before: Instant, limit: number, only: SweptOnly): number {
    return this.#change(this.#sql.purge, this.#sql.purgeOfSubject, before, limit, only)
  }

  minimise(before: Instant, limit: number, only: SweptOnly): number {
    return this.#change(this.#sql.minimise, this.#sql.minimiseOfSubject, before, limit, only)
  }

  due(now: Instant, limit: number, realm: string | undefined): readonly Standing[] {
    const due: Standing[] = []
    for (const each of this.#realms(realm))
      due.push(...this.#table.select(this.#sql.due, now, limit - due.length, each))
    return due
  }

  postpone({ session }: Standing): void {
    this.#connection.run(this.#sql.postpone, deadlineOf(session), session.id)
  }

  unswept(realm: string | undefined): SweptWatermark | undefined {
    const row = this.#connection.get<WatermarkRow>(this.#sql.unswept, realm ?? null)
    return row === undefined ? undefined : readSwept(row)
  }

  nextUnder(watermark: SweptWatermark, limit: number): readonly Standing[] {
    const { sql, values } = whereSwept(watermark, limit, this.#names)
    return this.#table.select(sql, ...values)
  }

  noteSwept({ scope }: SweptWatermark, last: Session | undefined): void {
    const place = last === undefined ? [1, null, null] : [0, last.createdAt, last.id]
    this.#connection.run(this.#sql.noteSwept, ...place, scope)
  }

  retiring(before: Instant, limit: number, realm: string | undefined): readonly SweptWatermark[] {
    return this.#connection.all<WatermarkRow>(this.#sql.retiring, before, limit, realm ?? null).map(readSwept)
  }

  forgetUnder(watermark: SweptWatermark, limit: number): number {
    const { sql, values } = whereForgotten(watermark, limit, this.#names)
    const these = `rowid IN (SELECT s.rowid FROM ${this.#names.sessions} s ${sql})`
    return this.#connection.run(`${this.#sql.forgetThese} WHERE ${these}`, ...values)
  }

  drop({ scope }: SweptWatermark): void {
    this.#connection.run(this.#sql.drop, scope)
  }

  /** Runs one of two statements, and returns how many rows it changed. */
  #change(ofRealm: string, ofSubject: string, before: Instant, limit: number, only: SweptOnly): number {
    const { realm, subject } = only
    if (realm !== undefined && subject !== undefined)
      return this.#connection.run(ofSubject, before, limit, realm, subject)
    let changed = 0
    for (const each of this.#realms(realm))
      changed += this.#connection.run(ofRealm, before, limit - changed, each)
    return changed
  }

  #realms(realm: string | undefined): readonly string[] {
    if (realm !== undefined) return [realm]
    return this.#connection.all<readonly [string]>(this.#sql.realms).map(([name]) => name)
  }
}

function readSwept([scope, realm, subject, method, policy, at, createdAt, id]: WatermarkRow): SweptWatermark {
  const swept = createdAt === null || id === null ? null : { createdAt, id }
  return { scope, realm, subject, method, policy, at, swept }
}

import type { SQLInputValue, StatementSync } from 'node:sqlite'
import { frozenData } from '../core/frozen.ts'
import { ended } from '../core/over.ts'
import { deadlineOf } from '../core/session.ts'
import type { Data, Instant, Session } from '../core/session.ts'
import type {
  End,
  Found,
  NewSession,
  SweepOptions,
  TouchEntry,
  Watermark,
  WatermarkScope,
} from '../core/store.ts'
import type { AdmittingTable, Standing } from './admit.ts'
import { readFound, readSession, readWatermark, writeSession } from './sql-row.ts'
import type { FoundRow, StandingRow } from './sql-row.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { whereSwept } from './sqlite-filter.ts'
import type { UnsweptWatermark } from './sqlite-filter.ts'
import type { Names } from './sqlite-names.ts'
import { statementsOf } from './sqlite-statements.ts'

/** The rows of a SQLite store. What reads and then writes is called within a step of the connection. */
export class SqliteTable implements AdmittingTable {
  readonly #connection: SqliteConnection
  readonly #find: StatementSync
  readonly #sql: ReturnType<typeof statementsOf>
  readonly #names: Names

  constructor(connection: SqliteConnection, names: Names) {
    this.#connection = connection
    this.#names = names
    this.#sql = statementsOf(names)
    this.#find = connection.prepare(this.#sql.find)
  }

  found(id: string): Found | undefined {
    const row = this.#find.get(id) as unknown as FoundRow | undefined
    return row === undefined ? undefined : readFound(row)
  }

  /** Sessions with their watermarks; `rest` is what follows `FROM`, where they are `s` and `w`. */
  select(rest: string, ...values: SQLInputValue[]): Standing[] {
    return this.#connection.all<StandingRow>(`${this.#sql.select} ${rest}`, ...values).map((row) => ({
      session: readSession(row),
      watermark: readWatermark(row),
    }))
  }

  standing(id: string): Standing | undefined {
    return this.select(this.#sql.byId, id)[0]
  }

  ofSubject(realm: string, subject: string): readonly Standing[] {
    return this.select(this.#sql.liveOfSubject, realm, subject)
  }

  end({ session, watermark }: Standing, end: End): Session {
    const over = ended(session, watermark, end)
    this.#connection.run(this.#sql.end, over.endedAt, over.endReason, over.endedBy, over.id)
    return over
  }

  admit({ session, secretHash, data }: NewSession): void {
    const text = JSON.stringify(frozenData(data))
    this.#connection.run(this.#sql.remove, session.id)
    this.#connection.run(
      this.#sql.insert,
      ...writeSession(session),
      secretHash,
      null,
      0,
      text,
      deadlineOf(session),
    )
    this.#connection.run(this.#sql.dueAtOnce, session.id)
  }

  touch({ id, at, lag, confirm, rehash }: TouchEntry): void {
    this.#connection.run(
      this.#sql.touch,
      id,
      at,
      lag,
      confirm ?? null,
      rehash?.from ?? null,
      rehash?.to ?? null,
    )
  }

  regenerate(id: string, to: string, at: Instant): void {
    this.#connection.run(this.#sql.regenerate, to, at, id)
  }

  write(id: string, revision: number, data: Data): void {
    this.#connection.run(this.#sql.write, revision, JSON.stringify(data), id)
  }

  raise({ realm, subject, method, policy }: WatermarkScope, { at, reason }: Watermark): void {
    const members = [realm, subject ?? null, method ?? null, policy ?? null]
    this.#connection.run(this.#sql.raise, JSON.stringify(members), ...members, at, reason)
  }

  /** Removes what ended before the moment, of one subject where that is told; returns how many. */
  purge(before: Instant, limit: number, of?: SweepOptions['of']): number {
    if (of === undefined) return this.#connection.run(this.#sql.purge, before, limit)
    return this.#connection.run(this.#sql.purgeOfSubject, before, limit, of.realm, of.subject)
  }

  /** Those whose deadline may be over. */
  due(now: Instant, limit: number): readonly Standing[] {
    return this.select(this.#sql.due, now, limit)
  }

  /** The deadline of a session that was due is later than it was noted. */
  postpone({ session }: Standing): void {
    this.#connection.run(this.#sql.postpone, deadlineOf(session), session.id)
  }

  unswept(): UnsweptWatermark | undefined {
    type Row = readonly [string, string, string | null, Instant, Instant | null, string | null]
    const row = this.#connection.get<Row>(this.#sql.unswept)
    if (row === undefined) return undefined
    const [scope, realm, subject, at, createdAt, id] = row
    return { scope, realm, subject, at, swept: createdAt === null || id === null ? null : { createdAt, id } }
  }

  /** The next sessions that a sweep of the watermark looks at; those of another method or policy are among them. */
  nextUnder(watermark: UnsweptWatermark, limit: number): readonly Standing[] {
    const { sql, values } = whereSwept(watermark, limit, this.#names)
    return this.select(sql, ...values)
  }

  /** The sweep of a watermark has come to this session, or, with none, to its end. */
  noteSwept({ scope }: UnsweptWatermark, last: Session | undefined): void {
    const { noteSwept } = this.#sql
    this.#connection.run(
      noteSwept,
      last === undefined ? 1 : 0,
      last?.createdAt ?? null,
      last?.id ?? null,
      scope,
    )
  }

  purgeWatermarks(before: Instant, limit: number): void {
    this.#connection.run(this.#sql.purgeWatermarks, before, limit)
  }
}

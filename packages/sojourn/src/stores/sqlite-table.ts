import type { SQLInputValue, StatementSync } from 'node:sqlite'
import { frozenData, frozenFactors } from '../core/frozen.ts'
import { ended } from '../core/over.ts'
import type { Refresh } from '../core/remember.ts'
import { deadlineOf } from '../core/session.ts'
import type { Data, Instant, Session } from '../core/session.ts'
import type {
  Elevation,
  End,
  Found,
  NewSession,
  TouchEntry,
  Watermark,
  WatermarkScope,
} from '../core/store.ts'
import type { Admitted } from './admit.ts'
import type { RestoringTable } from './restore.ts'
import { readFound, readSession, readWatermark, writeSession } from './sql-row.ts'
import type { FoundRow, StandingRow } from './sql-row.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { SqliteFeed } from './sqlite-feed.ts'
import type { Names } from './sqlite-names.ts'
import { statementsOf } from './sqlite-statements.ts'
import type { Standing } from './standing.ts'

/** The rows of a SQLite store. What reads and then writes is called within a step of the connection. */
export class SqliteTable implements RestoringTable {
  readonly #connection: SqliteConnection
  readonly #find: StatementSync
  readonly #sql: ReturnType<typeof statementsOf>
  readonly feed: SqliteFeed

  constructor(connection: SqliteConnection, names: Names) {
    this.#connection = connection
    this.feed = new SqliteFeed(connection, names)
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

  ofFamily(realm: string, family: string): readonly Standing[] {
    return this.select(this.#sql.ofFamily, realm, family)
  }

  below(ids: readonly string[]): readonly Standing[] {
    return this.select(this.#sql.below, JSON.stringify(ids))
  }

  end({ session, watermark }: Standing, end: End): Session {
    const over = ended(session, watermark, end)
    const { endedAt, endReason, endedBy, id, rememberedUntil } = over
    this.#connection.run(this.#sql.end, endedAt, endReason, endedBy, id, rememberedUntil)
    this.feed.ended(over)
    return over
  }

  forget(session: Session): Session {
    this.#connection.run(this.#sql.forget, session.id)
    return Object.freeze({ ...session, rememberedUntil: null })
  }

  spend(session: Session, { usedAt, successor }: Refresh): void {
    const { endedAt, endReason, endedBy, id } = session
    this.#connection.run(this.#sql.spend, usedAt, successor, endedAt, endReason, endedBy, id)
    // One that had ended before keeps its reason, which is another.
    if (endReason === 'remember_restored') this.feed.ended(session)
  }

  moveBelow(from: string, to: string): void {
    for (const { session } of this.below([from])) {
      if (session.endedAt === null && session.id !== from && session.id !== to) this.feed.changed(session.id)
    }
    this.#connection.run(this.#sql.moveBelow, from, to)
  }

  admit({ session, secretHash, data, refreshHash }: NewSession, { confirmed }: Admitted): void {
    const text = JSON.stringify(frozenData(data))
    const refresh = refreshHash === undefined || session.rememberedUntil === null ? null : refreshHash
    const refreshUntil = refresh === null ? null : session.rememberedUntil
    const secrets = [secretHash, null, confirmed ? 1 : 0, text, refresh, refreshUntil, null, null]
    if (this.#connection.run(this.#sql.remove, session.id) > 0) this.feed.changed(session.id)
    this.#connection.run(this.#sql.insert, ...writeSession(session), ...secrets, deadlineOf(session))
    this.#connection.run(this.#sql.dueAtOnce, session.id)
  }

  touch({ id, at, lag, confirm, rehash }: TouchEntry): void {
    const touched = this.#connection.run(
      this.#sql.touch,
      id,
      at,
      lag,
      confirm ?? null,
      rehash?.from ?? null,
      rehash?.to ?? null,
    )
    if (touched > 0 && (confirm !== undefined || rehash !== undefined)) this.feed.changed(id)
  }

  regenerate(id: string, to: string, at: Instant): void {
    this.#connection.run(this.#sql.regenerate, to, at, id)
    this.feed.changed(id)
  }

  elevate(session: Session, elevation: Elevation): void {
    const { assurance, amr, authenticatedAt, factors, restored, expiresAt } = elevation
    const values = [
      assurance,
      JSON.stringify(amr),
      authenticatedAt,
      JSON.stringify(frozenFactors(factors)),
      restored ? 1 : 0,
      expiresAt,
      deadlineOf({ ...session, expiresAt }),
    ]
    this.#connection.run(this.#sql.elevate, ...values, session.id)
    this.feed.changed(session.id)
  }

  write(id: string, revision: number, data: Data): void {
    this.#connection.run(this.#sql.write, revision, JSON.stringify(data), id)
    this.feed.changed(id)
  }

  raise(scope: WatermarkScope, watermark: Watermark): void {
    const { realm, subject, method, policy } = scope
    const { at, reason } = watermark
    const members = [realm, subject ?? null, method ?? null, policy ?? null]
    const raised = this.#connection.run(this.#sql.raise, JSON.stringify(members), ...members, at, reason)
    if (raised > 0) this.feed.raised(scope, watermark)
  }

  lease(job: string, holder: string, at: Instant, until: Instant): boolean {
    return this.#connection.run(this.#sql.lease, job, holder, at, until) === 1
  }
}

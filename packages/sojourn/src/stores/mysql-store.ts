import { invalidOption, SessionError } from '../core/errors.ts'
import { counts } from '../core/session.ts'
import type { Instant, Json, Session } from '../core/session.ts'
import type {
  Changes,
  CreateOptions,
  CreateResult,
  Elevation,
  End,
  Filter,
  Found,
  Limit,
  ListQuery,
  NewSession,
  Page,
  Patch,
  RestoreOptions,
  RestoreResult,
  Store,
  SweepOptions,
  SweepResult,
  TouchEntry,
  UpgradeOptions,
  UpgradeResult,
  Watermark,
  WatermarkScope,
  WriteOptions,
  WriteResult,
} from '../core/store.ts'
import { writeCursor } from './cursor.ts'
import { MysqlConnections, unavailable } from './mysql-client.ts'
import type { MysqlClient, Row, Value } from './mysql-client.ts'
import { operationsOf, writeData } from './mysql-data.ts'
import { endTexts } from './mysql-end.ts'
import { changesStatement, readChanges } from './mysql-feed.ts'
import { migrate } from './mysql-layout.ts'
import { listStatement } from './mysql-list.ts'
import type { MysqlNames } from './mysql-names.ts'
import { readRow, readSessions, writeElevation, writeEntry } from './mysql-row.ts'
import { termsOf } from './mysql-terms.ts'
import { touchText } from './mysql-touch.ts'
import { MysqlWatch } from './mysql-watch.ts'
import { readFound } from './sql-row.ts'
import type { Timer } from './timer.ts'

export class MysqlStore implements Store {
  readonly name = 'mysql'
  readonly #client: MysqlClient
  readonly #connections: MysqlConnections
  readonly #names: MysqlNames
  readonly #find: string
  readonly #watch: MysqlWatch
  #ready: Promise<void> | undefined

  constructor(client: MysqlClient, names: MysqlNames, timer: Timer) {
    const { session, secrets, mark, s } = termsOf(names)
    this.#client = client
    this.#connections = new MysqlConnections(client)
    this.#names = names
    this.#find = `SELECT ${session}, w.at, w.reason, ${secrets} FROM ${names.sessions} s
      LEFT JOIN ${names.watermarks} w ON w.scope = ${mark('scope')} WHERE ${s.id} = ?`
    const latest = `SELECT MAX(x.seq) FROM ${names.changes} x`
    this.#watch = new MysqlWatch(timer, async () => Number((await this.#select(latest, []))[0]?.[0] ?? 0))
  }

  async create(entry: NewSession, options: CreateOptions = {}): Promise<CreateResult> {
    const { limit, replaces } = options
    const [[status] = [], rows] = await this.#call('create_1', [
      ...writeEntry(entry, true),
      ...binding(entry.session, limit, entry.session.lastSeenAt),
      replaces?.id ?? null,
      replaces?.reason ?? null,
    ])
    return admission(status, rows)
  }

  async find(id: string): Promise<Found | undefined> {
    const [row] = await this.#select(this.#find, [id])
    return row === undefined ? undefined : readFound(readRow(row))
  }

  async touch(entries: readonly TouchEntry[]): Promise<void> {
    if (entries.length === 0) return
    const { text, waves, tells } = touchText(entries)
    await this.#call('touch_1', [text, waves, tells ? 1 : 0])
  }

  async upgrade(id: string, to: NewSession, { limit, ifRevision }: UpgradeOptions): Promise<UpgradeResult> {
    const [[status] = [], rows] = await this.#call('upgrade_1', [
      ...writeEntry(to, true),
      ...binding(to.session, limit, to.session.lastSeenAt),
      id,
      ifRevision,
    ])
    const said = status?.[0]
    return said === 'gone' || said === 'conflict' ? { status: said } : admission(status, rows)
  }

  async regenerate(
    id: string,
    from: string,
    to: string,
    at: Instant,
    elevation?: Elevation,
  ): Promise<'regenerated' | 'lost' | 'gone'> {
    const regenerate = async (sure: number): Promise<unknown> => {
      const [[status] = [], [row] = []] = await this.#call('regenerate_1', [
        id,
        from,
        to,
        at,
        sure,
        ...writeElevation(elevation),
      ])
      // A row that is damaged is refused here.
      if (row !== undefined) readFound(readRow(row))
      return status?.[0]
    }
    const said = await regenerate(0)
    return (said === 'doubtful' ? await regenerate(1) : said) as 'regenerated' | 'lost' | 'gone'
  }

  async write(id: string, patch: Patch, { at, ifRevision }: WriteOptions): Promise<WriteResult> {
    const { text, refusal } = operationsOf(patch)
    const write = (...marked: Value[]): Promise<readonly (readonly Row[])[]> =>
      this.#call('write_1', [id, text, refusal === undefined ? 0 : 1, at, ifRevision ?? null, ...marked])
    let results = await write(0, null, null)
    for (let row = doubtful(results); row !== undefined; row = doubtful(results)) {
      // It is sound, or refused here; somebody wrote it without the marks.
      const found = readRow(row)
      results = await write(1, found[35], writeData(readFound(found).data))
    }
    const [[answer] = [], [row] = []] = results
    const [status, detail, value] = answer ?? []
    if (status === 'refused' && refusal !== undefined) throw refusal
    switch (status) {
      case 'conflict':
        return { status, revision: Number(detail) }
      case 'not_a_number':
        return { status, key: readJson(detail) as string, value: readJson(value) }
      case 'not_a_list':
        return { status, key: readJson(detail) as string }
      case 'infinite':
        throw new SessionError('invalid_data', `add ${detail}: expected a finite sum`)
      case 'written': {
        if (row === undefined) throw new TypeError('MySQL answered no row of what was written')
        const { session, data } = readFound(readRow(row))
        return { status, revision: session.revision, data }
      }
      default:
        return { status: 'gone' }
    }
  }

  async end(which: Filter, { at, reason, by }: End): Promise<readonly Session[]> {
    const { subject, unseenSince } = which
    const [rows] = await this.#call('end_1', [
      ...endTexts.map((key) => which[key] ?? null),
      subject === undefined ? 0 : 1,
      unseenSince ?? null,
      at,
      reason,
      by ?? null,
    ])
    return readSessions(rows)
  }

  async voidBefore(scope: WatermarkScope, { at, reason }: Watermark): Promise<void> {
    const { realm, subject, method, policy } = scope
    const members = [realm, subject ?? null, method ?? null, policy ?? null]
    await this.#call('void_1', [JSON.stringify(members), ...members, at, reason])
  }

  async list(query: ListQuery): Promise<Page> {
    const { sql, values } = listStatement(query, this.#names)
    const found = readSessions(await this.#select(sql, values))
    const items = found.slice(0, query.limit)
    const last = items.at(-1)
    return { items, cursor: found.length > query.limit && last !== undefined ? writeCursor(last) : null }
  }

  async sweep(now: Instant, options: SweepOptions): Promise<SweepResult> {
    const { limit, purgeBefore, minimiseBefore = null, realm = null, of } = options
    const [[counted] = [], rows] = await this.#call('sweep_1', [
      of?.realm ?? realm,
      of?.subject ?? null,
      now,
      limit,
      purgeBefore,
      minimiseBefore,
    ])
    const [purged, minimised, more] = (counted ?? []).map(Number)
    return { ended: readSessions(rows), purged: purged ?? 0, minimised: minimised ?? 0, more: more === 1 }
  }

  async restore(id: string, from: string, to: NewSession, options: RestoreOptions): Promise<RestoreResult> {
    const { at, grace, limit } = options
    const [[status] = [], rows, ended] = await this.#call('restore_1', [
      ...writeEntry(to, false),
      ...binding(to.session, limit, at),
      id,
      from,
      at,
      grace,
    ])
    const said = status?.[0]
    const [session] = readSessions(rows)
    switch (said) {
      case 'spent':
        return { status: said, ended: readSessions(rows) }
      case 'refused':
        return { status: said, live: readSessions(rows) }
      case 'late':
        return { status: said }
      case 'grace':
      case 'lost_response':
        return session === undefined ? { status: 'gone' } : { status: said, session }
      case 'reused':
        if (session === undefined) throw new TypeError(`No session ${id} to tell of`)
        return { status: said, session, ended: readSessions(ended) }
      case 'misfit':
        throw misfit(to.session, session)
      default:
        return { status: 'gone' }
    }
  }

  async lease(job: string, holder: string, at: Instant, until: Instant): Promise<boolean> {
    const [[row] = []] = await this.#call('lease_1', [job, holder, at, until])
    return Number(row?.[0]) === 1
  }

  async changes(after: string | null, limit: number): Promise<Changes> {
    const { sql, values } = changesStatement(this.#names, after, limit)
    return readChanges(await this.#select(sql, values), after, limit)
  }

  watch(grew: () => void): () => void {
    return this.#watch.add(grew)
  }

  close(): void {
    this.#watch.stop()
  }

  async #call(procedure: string, values: readonly Value[]): Promise<readonly (readonly Row[])[]> {
    await this.#start()
    return this.#connections.call(this.#names.procedure(procedure), values)
  }

  async #select(sql: string, values: readonly Value[]): Promise<readonly Row[]> {
    await this.#start()
    return this.#connections.select(sql, values)
  }

  /** Brings the tables forward, once. Where that fails, the next verb tries again. */
  #start(): Promise<void> {
    this.#ready ??= migrate(this.#client, this.#names).catch((error: unknown) => {
      this.#ready = undefined
      throw unavailable(error)
    })
    return this.#ready
  }
}

/** The row that the database alone cannot tell to be sound. */
function doubtful([answers, rows]: readonly (readonly Row[])[]): Row | undefined {
  return answers?.[0]?.[0] === 'doubtful' ? rows?.[0] : undefined
}

/** The limit, where it binds the session: `judgeAdmission`. */
function binding(session: Session, limit: Limit | undefined, at: Instant): Value[] {
  if (limit === undefined || !counts(session, at)) return [null, null]
  return [limit.most, limit.onExceed === 'refuse' ? 1 : 0]
}

function admission(status: Row | undefined, rows: readonly Row[] | undefined): CreateResult {
  const said = status?.[0]
  if (said === 'refused') return { status: said, live: readSessions(rows) }
  if (said === 'created') return { status: said, ended: readSessions(rows) }
  return { status: 'duplicate' }
}

function misfit(to: Session, predecessor: Session | undefined): Error {
  const key =
    (['realm', 'subject', 'family'] as const).find((key) => to[key] !== predecessor?.[key]) ?? 'realm'
  return invalidOption(`to.session.${key}`, `the predecessor's, ${predecessor?.[key]}`, to[key])
}

function readJson(text: Value | undefined): Json {
  return JSON.parse(String(text)) as Json
}

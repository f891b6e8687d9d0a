import type { DatabaseSync } from 'node:sqlite'
import { invalidOption, SessionError } from '../core/errors.ts'
import type { ColumnName, Names } from './sqlite-names.ts'
import { hasDetails, isOver, overSince } from './sqlite-retention.ts'

/**
 * The layout, as the steps that lead to it. A released step never changes: a new layout is a new step at the end.
 *
 * One row a session. No index mentions what a touch changes (`last_seen_at`, `lag`), so that a touch rewrites one page. What
 * has ended is in one of two indexes: `restorable` while its refresh token can be spent, then `over`. What a sweep goes by begins
 * with the realm, for realms that share the tables differ in what they keep.
 * `due_at` is a moment no later than the deadline: a sweep that finds it past looks at the row, and ends the session or moves
 * `due_at` to the true deadline. NULL: it has none.
 */
const steps: readonly ((names: Names) => readonly string[])[] = [
  ({ sessions, c, index }) => [
    `CREATE TABLE ${sessions} (
      ${c.id}               TEXT NOT NULL PRIMARY KEY,
      ${c.realm}            TEXT NOT NULL,
      ${c.app}              TEXT,
      ${c.subject}          TEXT,
      ${c.roles}            TEXT NOT NULL,
      ${c.method}           TEXT,
      ${c.amr}              TEXT NOT NULL,
      ${c.assurance}        INTEGER NOT NULL,
      ${c.authenticatedAt}  INTEGER,
      ${c.factors}          TEXT NOT NULL,
      ${c.restored}         INTEGER NOT NULL,
      ${c.createdAt}        INTEGER NOT NULL,
      ${c.activatedAt}      INTEGER,
      ${c.lastSeenAt}       INTEGER NOT NULL,
      ${c.lag}              INTEGER NOT NULL,
      ${c.idleTimeout}      INTEGER,
      ${c.expiresAt}        INTEGER,
      ${c.regeneratedAt}    INTEGER NOT NULL,
      ${c.policy}           TEXT NOT NULL,
      ${c.fingerprint}      TEXT,
      ${c.ip}               TEXT,
      ${c.userAgent}        TEXT,
      ${c.family}           TEXT,
      ${c.rememberedUntil}  INTEGER,
      ${c.parent}           TEXT,
      ${c.actor}            TEXT,
      ${c.revision}         INTEGER NOT NULL,
      ${c.endedAt}          INTEGER,
      ${c.endReason}        TEXT,
      ${c.endedBy}          TEXT,
      ${c.secretHash}       TEXT NOT NULL,
      ${c.previousHash}     TEXT,
      ${c.confirmed}        INTEGER NOT NULL,
      ${c.data}             TEXT NOT NULL,
      ${c.refreshHash}      TEXT,
      ${c.refreshExpiresAt} INTEGER,
      ${c.refreshUsedAt}    INTEGER,
      ${c.refreshSuccessor} TEXT,
      ${c.dueAt}            INTEGER
    ) STRICT`,
    `CREATE INDEX ${index('by_creation')} ON ${sessions} (${c.realm}, ${c.createdAt} DESC, ${c.id})`,
    `CREATE INDEX ${index('by_subject')} ON ${sessions} (${c.realm}, ${c.subject}, ${c.createdAt} DESC, ${c.id})
      WHERE ${c.subject} IS NOT NULL`,
    `CREATE INDEX ${index('live')} ON ${sessions} (${c.realm}, ${c.createdAt} DESC, ${c.id})
      WHERE ${c.endedAt} IS NULL`,
    `CREATE INDEX ${index('live_by_subject')} ON ${sessions} (${c.realm}, ${c.subject}, ${c.createdAt} DESC, ${c.id})
      WHERE ${c.endedAt} IS NULL`,
    `CREATE INDEX ${index('by_family')} ON ${sessions} (${c.family}) WHERE ${c.family} IS NOT NULL`,
    `CREATE INDEX ${index('by_parent')} ON ${sessions} (${c.parent}) WHERE ${c.parent} IS NOT NULL`,
    `CREATE INDEX ${index('by_actor')} ON ${sessions} (${c.actor}) WHERE ${c.actor} IS NOT NULL`,
    `CREATE INDEX ${index('due')} ON ${sessions} (${c.realm}, ${c.dueAt})
      WHERE ${c.endedAt} IS NULL AND ${c.dueAt} IS NOT NULL`,
    `CREATE INDEX ${index('remembered')} ON ${sessions} (${c.realm}, ${c.createdAt} DESC, ${c.id})
      WHERE ${c.rememberedUntil} IS NOT NULL`,
    `CREATE INDEX ${index('restorable')} ON ${sessions} (${c.realm}, ${c.rememberedUntil})
      WHERE ${c.endedAt} IS NOT NULL AND ${c.rememberedUntil} IS NOT NULL`,
    `CREATE INDEX ${index('over')} ON ${sessions} (${c.realm}, ${overSince(c)}) WHERE ${isOver(c)}`,
    `CREATE INDEX ${index('detailed')} ON ${sessions} (${c.realm}, ${overSince(c)})
      WHERE ${isOver(c)} AND ${hasDetails(c)}`,
  ],
  /**
   * Of watermarks one row a scope: the highest watermark that was set for it. NULL in `subject`, `method` or `policy`: any. A sweep
   * goes through the live sessions that it covers, from the newest, and notes here how far it came. Of leases one row a job.
   */
  ({ watermarks, leases, index }) => [
    `CREATE TABLE ${watermarks} (
      scope             TEXT NOT NULL PRIMARY KEY,  -- JSON of the four that follow
      realm             TEXT NOT NULL,
      subject           TEXT,
      method            TEXT,
      policy            TEXT,
      at                INTEGER NOT NULL,
      reason            TEXT NOT NULL,
      swept             INTEGER NOT NULL,           -- 1: all that it covers is marked
      swept_created_at  INTEGER,                    -- the last session that a sweep looked at
      swept_id          TEXT
    ) STRICT`,
    `CREATE INDEX ${index('watermarks_by_subject')} ON ${watermarks} (realm, subject)`,
    `CREATE INDEX ${index('watermarks_by_sweep')} ON ${watermarks} (swept, at)`,
    `CREATE TABLE ${leases} (
      job     TEXT NOT NULL PRIMARY KEY,
      holder  TEXT NOT NULL,
      until   INTEGER NOT NULL                      -- valid at it, free one millisecond later
    ) STRICT`,
  ],
  /**
   * The feed: a row for each change, and some that note when a sweep came by. One process writes at a time, so that their
   * numbers are in the order of their commits, and no number is given twice (AUTOINCREMENT). What is removed is always a
   * beginning, and never all. They begin at a number of chance: that of another file is not among them.
   */
  ({ changes, index }) => [
    `CREATE TABLE ${changes} (
      seq     INTEGER PRIMARY KEY AUTOINCREMENT,
      at      INTEGER,                              -- when a sweep came by
      change  TEXT                                  -- or JSON of a Change
    ) STRICT`,
    `CREATE INDEX ${index('changes_noted')} ON ${changes} (at) WHERE at IS NOT NULL`,
    `INSERT INTO ${changes} (seq) VALUES (abs(random() % 1000000000000) + 1)`,
  ],
]

/** Brings the tables to the present layout, in one transaction; creates them where there are none. */
export function migrate(db: DatabaseSync, names: Names): void {
  db.exec(
    'CREATE TABLE IF NOT EXISTS sojourn_layout (sessions_table TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL) STRICT',
  )
  const version = layoutVersion(db, names)
  if (version > steps.length) {
    throw new SessionError(
      'store_unavailable',
      `The layout of ${names.table} has version ${version}, and this release knows versions up to ${steps.length}. Update sojourn, or restore a backup`,
    )
  }
  if (version === 0 && hasTable(db, names.table)) {
    throw invalidOption('tables.sessions', 'a table of this store, or a name that is free', names.table)
  }
  for (const sql of steps.slice(version).flatMap((step) => step(names))) db.exec(sql)
  db.prepare(
    'INSERT INTO sojourn_layout VALUES (?, ?) ON CONFLICT DO UPDATE SET version = excluded.version',
  ).run(names.table.toLowerCase(), steps.length)
  checkColumns(db, names)
}

function layoutVersion(db: DatabaseSync, names: Names): number {
  const row = db
    .prepare('SELECT version FROM sojourn_layout WHERE sessions_table = ?')
    .get(names.table.toLowerCase())
  return Number(row?.version ?? 0)
}

function hasTable(db: DatabaseSync, table: string): boolean {
  return db.prepare('SELECT 1 FROM pragma_table_info(?)').get(table) !== undefined
}

/** A table that was made under other column names does not fit. */
function checkColumns(db: DatabaseSync, names: Names): void {
  const there = new Set(
    db
      .prepare('SELECT lower(name) AS name FROM pragma_table_info(?)')
      .all(names.table)
      .map(({ name }) => name),
  )
  for (const key of Object.keys(names.c) as ColumnName[]) {
    const name = names.c[key].slice(1, -1)
    if (!there.has(name.toLowerCase()))
      throw invalidOption(`columns.${key}`, `a column of the table ${names.table}`, name)
  }
}

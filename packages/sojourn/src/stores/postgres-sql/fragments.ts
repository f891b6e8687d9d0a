import type { ColumnName } from '../sql-names.ts'
import { secretColumns, sessionColumns } from '../sql-row.ts'
import type { PgNames } from '../postgres-names.ts'

// Parts of statements. `s` names a row: an alias, or a variable of a function. Variables end in $: no column does.

export const sessionKeys = Object.keys(sessionColumns) as (keyof typeof sessionColumns)[]
export const secretKeys = Object.keys(secretColumns) as (keyof typeof secretColumns)[]
export const rowKeys: readonly ColumnName[] = [...sessionKeys, ...secretKeys, 'dueAt']

/** Columns that hold JSON. They are read as text, since clients differ in what they make of JSON. */
const json: ReadonlySet<ColumnName> = new Set<ColumnName>(['roles', 'amr', 'factors', 'data'])

export type Fragments = ReturnType<typeof fragmentsOf>

export function fragmentsOf(names: PgNames) {
  const { sessions, watermarks, changes, c, channel } = names

  const columns = (keys: readonly ColumnName[], s: string): string =>
    keys.map((key) => `${s}.${c[key]}${json.has(key) ? '::text' : ''}`).join(', ')

  const idleDeadline = (s: string): string => `(${s}.${c.lastSeenAt} + ${s}.${c.lag} + ${s}.${c.idleTimeout})`
  /** `deadlineOf`. */
  const deadline = (s: string): string => `least(${idleDeadline(s)}, ${s}.${c.expiresAt})`
  /** `isLive`. */
  const isLive = (s: string, at: string): string =>
    `(${s}.${c.endedAt} IS NULL AND coalesce(${deadline(s)} >= ${at}, true))`
  /** `timeoutOf`. */
  const timeout = (s: string): string =>
    `CASE WHEN ${s}.${c.expiresAt} <= coalesce(${idleDeadline(s)}, ${s}.${c.expiresAt})
      THEN 'absolute_timeout' ELSE 'idle_timeout' END`
  /** `isRestorable`, of what no watermark covers. */
  const isRestorable = (s: string, at: string): string =>
    `(${s}.${c.rememberedUntil} >= ${at} AND (${s}.${c.endReason} = 'idle_timeout' OR ${s}.${c.endedAt} IS NULL
      AND ${idleDeadline(s)} < ${at} AND ${idleDeadline(s)} < coalesce(${s}.${c.expiresAt}, ${at})))`
  /** `counts`, of what no watermark covers. */
  const counts = (s: string, at: string): string =>
    `(${s}.${c.subject} IS NOT NULL AND ${s}.${c.activatedAt} IS NOT NULL AND ${s}.${c.actor} IS NULL AND ${isLive(s, at)})`

  /** The watermarks `v` that cover a session. Two parts, since no index finds NULL or a value at once. */
  const covering = (s: string): string => `FROM (
        SELECT v.* FROM ${watermarks} v WHERE v.realm = ${s}.${c.realm} AND v.subject IS NULL
        UNION ALL
        SELECT v.* FROM ${watermarks} v WHERE v.realm = ${s}.${c.realm} AND v.subject = ${s}.${c.subject}
      ) v
      WHERE (v.method IS NULL OR v.method = ${s}.${c.method})
        AND (v.policy IS NULL OR v.policy = ${s}.${c.policy}) AND v.at >= ${s}.${c.createdAt}`
  const isCovered = (s: string): string => `EXISTS (SELECT 1 ${covering(s)})`
  /** The watermark that is told of a session. */
  const watermark = (s: string): string => `LATERAL (
      SELECT v.at, v.reason ${covering(s)}
      ORDER BY v.at DESC, v.subject IS NULL, v.method IS NULL, v.policy IS NULL LIMIT 1
    )`

  return {
    ...names,
    deadline,
    idleDeadline,
    isLive,
    timeout,
    isRestorable,
    counts,
    isCovered,
    watermark,
    sessionColumns: (s: string): string => columns(sessionKeys, s),
    secretColumns: (s: string): string => columns(secretKeys, s),

    /** `overBy` of a row `s` with a watermark `w`: when it was over at a moment; NULL where it was not. */
    overAt: (s: string, at: string): string =>
      `CASE WHEN least(w.at, ${at}) <= coalesce(${deadline(s)}, w.at) AND w.at IS NOT NULL THEN least(w.at, ${at})
        WHEN ${deadline(s)} < ${at} THEN ${deadline(s)} END`,
    overReason: (s: string, at: string): string =>
      `CASE WHEN least(w.at, ${at}) <= coalesce(${deadline(s)}, w.at) AND w.at IS NOT NULL THEN w.reason
        WHEN ${deadline(s)} < ${at} THEN ${timeout(s)} END`,

    /** Takes the refresh token from a row that is updated. */
    noRefresh: `${c.rememberedUntil} = NULL, ${c.refreshHash} = NULL, ${c.refreshExpiresAt} = NULL`,

    /** Adds to the feed that sessions changed; `from` yields their ids as `t.id`. */
    tellChanged: (from: string): string => `INSERT INTO ${changes} (change)
      SELECT json_build_object('kind', 'changed', 'id', t.id)::text FROM ${from}`,

    /**
     * Every statement goes by an index, whatever the tables held when it was planned, and is planned once a connection: it would
     * take longer to plan than to run.
     */
    steady:
      'LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off',

    /** Wakes who listens, once the step is committed. */
    wake: `PERFORM pg_notify('${channel}', '');`,

    /** A step that waited for a lock must see what was committed meanwhile. */
    seesTheLatest: `IF current_setting('transaction_isolation') <> 'read committed' THEN
      RAISE EXCEPTION 'sojourn works at the isolation level read committed' USING ERRCODE = 'SJ001';
    END IF;`,

    /** Admissions of one subject take turns. It is the first lock of a step, and the only one of its kind. */
    takeTurns: (n: string): string => `PERFORM pg_advisory_xact_lock(
      hashtextextended(concat_ws(chr(31), '${sessions}', ${n}.${c.realm}, ${n}.${c.subject}), 0));`,
  } as const
}

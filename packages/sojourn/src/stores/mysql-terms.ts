import { secretColumns, sessionColumns } from './sql-row.ts'
import type { ColumnName } from './sql-names.ts'
import type { MysqlNames } from './mysql-names.ts'

export const sessionKeys = Object.keys(sessionColumns) as (keyof typeof sessionColumns)[]
export const secretKeys = Object.keys(secretColumns) as (keyof typeof secretColumns)[]

/** What is written of a new session, in this order. */
export const insertedKeys: readonly ColumnName[] = [...sessionKeys, ...secretKeys, 'dueAt']

/** Terms of SQL that say of a session `s` what `core/session.ts` and `core/over.ts` say of it. */
export function termsOf(names: MysqlNames) {
  const { c, watermarks } = names
  const s = Object.fromEntries(Object.entries(c).map(([key, name]) => [key, `s.${name}`])) as {
    readonly [key in ColumnName]: string
  }
  const idle = `(${s.lastSeenAt} + ${s.lag} + ${s.idleTimeout})`
  const earlier = (a: string, b: string): string => `LEAST(COALESCE(${a}, ${b}), COALESCE(${b}, ${a}))`

  /** The watermarks `v` that cover a session. Both halves of the `OR` are found by the index. */
  const covering = (of: {
    readonly [key in 'realm' | 'subject' | 'method' | 'policy' | 'createdAt']: string
  }) =>
    `FROM ${watermarks} v
      WHERE v.realm = ${of.realm} AND (v.subject = ${of.subject} OR v.subject IS NULL)
        AND (v.method IS NULL OR v.method = ${of.method})
        AND (v.policy IS NULL OR v.policy = ${of.policy})
        AND v.at >= ${of.createdAt}`
  const told = `${covering(s)}
      ORDER BY v.at DESC, v.subject IS NULL, v.method IS NULL, v.policy IS NULL LIMIT 1`

  return {
    s,
    covering,

    /** The moment when it will have been idle for too long; NULL: never. */
    idle,

    /** `deadlineOf`, perhaps with another absolute timeout. */
    deadline: (expiresAt: string = s.expiresAt): string => earlier(idle, expiresAt),

    /** `timeoutOf`. */
    timeout: `IF(${s.expiresAt} IS NOT NULL AND ${s.expiresAt} <= COALESCE(${idle}, ${s.expiresAt}),
      'absolute_timeout', 'idle_timeout')`,

    /** `isLive`. */
    live: (at: string): string => `(${s.endedAt} IS NULL
      AND (${s.expiresAt} IS NULL OR ${s.expiresAt} >= ${at})
      AND (${s.idleTimeout} IS NULL OR ${idle} >= ${at}))`,

    notCovered: `NOT EXISTS (SELECT 1 ${covering(s)})`,

    /** The watermark that is told of it, by one of its columns. Not locked where the session is. */
    mark: (column: 'at' | 'reason' | 'scope'): string => `(SELECT v.${column} ${told})`,

    /** The columns of a session, in the order of `SessionRow`. */
    session: sessionKeys.map((key) => s[key]).join(', '),

    secrets: secretKeys.map((key) => s[key]).join(', '),

    /** Whether its data can be patched as text, and what stands beside it looks like what was written. The caller looks closer. */
    sound: `((${s.data} = '{}' OR LEFT(${s.data}, 3) = '{\n ')
      AND (${s.roles} = '[]' OR (${s.roles} LIKE '["%"]' AND JSON_VALID(${s.roles})))
      AND (${s.amr} = '[]' OR (${s.amr} LIKE '["%"]' AND JSON_VALID(${s.amr})))
      AND (${s.factors} = '[]' OR (${s.factors} LIKE '[{"%}]' AND JSON_VALID(${s.factors}))))`,

    /** Assignments after which it has no refresh token. */
    forget: `${s.rememberedUntil} = NULL, ${s.refreshHash} = NULL, ${s.refreshExpiresAt} = NULL`,
  } as const
}

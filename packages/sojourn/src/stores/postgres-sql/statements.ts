import type { PgNames } from '../postgres-names.ts'
import { findStatement } from './find.ts'
import { fragmentsOf } from './fragments.ts'

/** The statements of a store under its names. `$1` and so on are values, in the order in which they are handed in. */
export function statementsOf(names: PgNames) {
  const fragments = fragmentsOf(names)
  const { watermarks, leases, changes, channel, fn } = fragments
  const session = fragments.sessionColumns('(f.session$)')
  const wake = (from: string): string => `SELECT pg_notify('${channel}', '') FROM ${from}`
  return {
    fragments,

    find: findStatement(fragments),

    admit: `SELECT f.status$, ${session} FROM ${fn('admit')}($1, $2, $3, $4, $5, $6, $7, $8) f`,

    restore: `SELECT f.status$, f.told$, ${session} FROM ${fn('restore')}($1, $2, $3, $4, $5, $6, $7, $8) f`,

    sweep: `SELECT f.purged$, f.minimised$, f.more$, ${session} FROM ${fn('sweep')}($1, $2, $3, $4, $5, $6, $7) f`,

    touch: `SELECT 1 FROM ${fn('touch')}($1, $2, $3) f`,

    regenerate: `SELECT f.status$, f.data$ FROM ${fn('regenerate')}($1, $2, $3, $4, $5, $6) f`,

    write: `SELECT f.status$, f.now$, f.data$, f.key$ FROM ${fn('write')}($1, $2, $3, $4, $5, $6, $7, $8) f`,

    /** The ids are found by a subquery, whose parameters come first. */
    end: (ids: string, given: number): string => {
      const [filter, at, reason, by, notify] = Array.from(
        { length: 5 },
        (_, index) => `$${given + index + 1}`,
      )
      return `SELECT ${fragments.sessionColumns('f')}
        FROM ${fn('end_these')}(${ids}, ${filter}, ${at}, ${reason}, ${by}, ${notify}) f`
    },

    lease: `INSERT INTO ${leases} AS l VALUES ($1, $2, $4)
      ON CONFLICT (job) DO UPDATE SET holder = excluded.holder, until = excluded.until
      WHERE l.holder = excluded.holder OR l.until < $3
      RETURNING 1`,

    raise: `WITH raised AS (
        INSERT INTO ${watermarks} AS w (scope, realm, subject, method, policy, at, reason, swept)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 0)
        ON CONFLICT (scope) DO UPDATE SET
          at = excluded.at, reason = excluded.reason, swept = 0, swept_created_at = NULL, swept_id = NULL
        WHERE excluded.at > w.at
        RETURNING 1
      ), told AS (
        INSERT INTO ${changes} (change) SELECT $8 FROM raised RETURNING 1
      )
      ${wake('told WHERE $9::boolean')}`,
  } as const
}

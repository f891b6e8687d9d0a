import type { Fragments } from './fragments.ts'

/**
 * What stands at `$1`: the columns of the session, those beside it, and its watermark as `[at, reason]` or null. All as one JSON
 * array, since a client describes and reads each column by itself, which for forty takes it longer than all the rest.
 */
export function findStatement({
  sessions,
  watermarks,
  c,
  fn,
  sessionColumns,
  secretColumns,
}: Fragments): string {
  // Few sessions are older than a watermark of theirs. For all others it takes a look into an index and no function.
  const isOlder = (subject: string): string =>
    `EXISTS (SELECT 1 FROM ${watermarks} v WHERE v.realm = s.${c.realm} AND ${subject} AND v.at >= s.${c.createdAt})`
  return `SELECT json_build_array(${sessionColumns('s')}, ${secretColumns('s')},
      CASE WHEN ${isOlder('v.subject IS NULL')} OR ${isOlder(`v.subject = s.${c.subject}`)} THEN ${fn('watermark')}(s) END
    )::text FROM ${sessions} s WHERE s.${c.id} = $1`
}

export function findFunctions({ sessions, watermark, fn, steady }: Fragments): readonly string[] {
  return [
    `CREATE FUNCTION ${fn('watermark')}(s$ ${sessions}) RETURNS json STABLE ${steady} AS $fn$
    BEGIN
      RETURN (SELECT json_build_array(w.at, w.reason) FROM ${watermark('s$')} w);
    END $fn$`,
  ]
}

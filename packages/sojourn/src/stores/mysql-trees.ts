import type { MysqlNames } from './mysql-names.ts'
import { holdFeed, procedure } from './mysql-procedure.ts'
import type { Kit } from './mysql-procedure.ts'
import { termsOf } from './mysql-terms.ts'

/** The columns of a session that is to end, as a step works with it. `at`, `reason` and `by_` are how, `over_…` is what comes of it. */
export const endingColumns =
  'id, level, was_ended, deadline, timeout, mark_at, mark_reason, at, reason, by_, asked'

/** Values for `endingColumns`, of a session `s`. */
export function endingOf(
  names: MysqlNames,
  end: { readonly [key in 'at' | 'reason' | 'by' | 'asked' | 'level']: string },
): string {
  const { s, deadline, timeout, mark } = termsOf(names)
  return `${s.id}, ${end.level}, ${s.endedAt} IS NOT NULL, ${deadline()}, ${timeout}, ${mark('at')}, ${mark('reason')},
    ${end.at}, ${end.reason}, ${end.by}, ${end.asked}`
}

/** `endTrees` takes those that have not ended, and those that its end forbids to restore. */
export function mayEnd(names: MysqlNames, reason: string): string {
  const { s } = termsOf(names)
  return `(${s.endedAt} IS NULL OR (${s.rememberedUntil} IS NOT NULL AND ${reason} <> 'idle_timeout'))`
}

/**
 * `overBy` of a table of endings, in its columns `over_…`: by its own limits or its watermark if that was first, else by the end
 * that is asked for. Below the tops, a watermark that came after the end does not count.
 */
export function judge(table: string, where: string): string {
  const moment = 'LEAST(t.mark_at, t.at)'
  const marked = `t.mark_at IS NOT NULL AND (t.level = 0 OR t.mark_at <= t.at)
      AND (t.deadline IS NULL OR ${moment} <= t.deadline)`
  const first = (mark: string, deadline: string, end: string): string =>
    `CASE WHEN t.was_ended = 1 THEN ${end} WHEN ${marked} THEN ${mark} WHEN t.deadline < t.at THEN ${deadline} ELSE ${end} END`
  return `UPDATE ${table} t SET
    t.over_at = ${first(moment, 't.deadline', 't.at')},
    t.over_reason = ${first('t.mark_reason', 't.timeout', 't.reason')},
    t.over_by = ${first('NULL', 'NULL', 't.by_')}
  WHERE ${where};`
}

/** What ends sessions, and tells of it. The tables that they work with are the connection's own. */
export function treeProcedures({ names, text }: Kit): readonly string[] {
  const { sessions, changes, step, next, due, told } = names
  const { s, forget, session } = termsOf(names)
  const ending = `level INT NOT NULL, was_ended TINYINT NOT NULL, deadline BIGINT, timeout VARCHAR(64),
      mark_at BIGINT, mark_reason VARCHAR(64), at BIGINT, reason VARCHAR(64), by_ VARCHAR(256), asked VARCHAR(64),
      over_at BIGINT, over_reason VARCHAR(64), over_by VARCHAR(256)`
  const collation = / COLLATE (\w+)/.exec(text)?.[1] ?? ''
  const made = (table: string, columns: string): string =>
    `CREATE TEMPORARY TABLE IF NOT EXISTS ${table} (n BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, ${columns})
      ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation};
  DELETE FROM ${table};`
  const carried = {
    at: 'IF(t.level = 0, t.over_at, t.at)',
    reason: 'IF(t.level = 0, t.over_reason, t.reason)',
    by: 'IF(t.level = 0, t.over_by, t.by_)',
    asked: 't.asked',
    level: 't.level + 1',
  }
  // A later tree of the same step may have taken its refresh token; it is told of as it ended.
  const asEnded = session.replace(s.rememberedUntil, 't.remembered_until')
  const kept = `t.over_reason = 'idle_timeout' AND ${s.rememberedUntil} IS NOT NULL`
  const keep = (column: string): string => `${column} = IF(${kept}, ${column}, NULL)`

  return [
    procedure(
      names.procedure('begin_1'),
      [],
      `${made(step, `id VARCHAR(255) NOT NULL UNIQUE, ${ending}`)}
  ${made(next, `id VARCHAR(255) NOT NULL, ${ending}`)}
  ${made(told, 'kind VARCHAR(16) NOT NULL, id VARCHAR(255) NOT NULL, reason VARCHAR(64), at BIGINT, remembered_until BIGINT, KEY (id)')}`,
    ),

    procedure(names.procedure('begin_sweep_1'), [], made(due, `id VARCHAR(255) NOT NULL, ${ending}`)),

    /** `endTrees` of what stands in `step` at level 0. What it spares stands there at level -1. */
    procedure(
      names.procedure('trees_1'),
      [],
      `DECLARE v_level INT DEFAULT 0;
  DECLARE v_more BIGINT DEFAULT 1;
  WHILE v_more > 0 DO
    ${judge(step, 't.level = v_level')}
    UPDATE ${step} t STRAIGHT_JOIN ${sessions} s ON ${s.id} = t.id
      SET ${s.endedAt} = t.over_at, ${s.endReason} = t.over_reason, ${s.endedBy} = t.over_by,
        ${keep(s.refreshHash)}, ${keep(s.refreshExpiresAt)}, ${keep(s.rememberedUntil)}
      WHERE t.level = v_level AND t.was_ended = 0;
    UPDATE ${step} t STRAIGHT_JOIN ${sessions} s ON ${s.id} = t.id SET ${forget}
      WHERE t.level = v_level AND t.asked <> 'idle_timeout' AND ${s.rememberedUntil} IS NOT NULL;
    DELETE FROM ${next};
    INSERT INTO ${next} (${endingColumns}) SELECT ${endingOf(names, carried)}
      FROM ${step} t STRAIGHT_JOIN ${sessions} s FORCE INDEX (by_parent) ON ${s.parent} = t.id
      WHERE t.level = v_level FOR UPDATE;
    SET v_more = ROW_COUNT();
    IF v_more > 0 THEN
      INSERT IGNORE INTO ${step} (${endingColumns}) SELECT ${endingColumns
        .split(', ')
        .map((column) => `t.${column}`)
        .join(', ')} FROM ${next} t ORDER BY t.id;
      SET v_more = ROW_COUNT();
    END IF;
    SET v_level = v_level + 1;
  END WHILE;
  INSERT INTO ${told} (kind, id, reason, at, remembered_until)
    SELECT 'ended', t.id, t.over_reason, t.over_at, ${s.rememberedUntil}
    FROM ${step} t STRAIGHT_JOIN ${sessions} s ON ${s.id} = t.id WHERE t.was_ended = 0 ORDER BY t.n;`,
    ),

    /** Answers with what ended, then tells of it, as the last of a step: the feed is held as short as can be. */
    procedure(
      names.procedure('tell_1'),
      [],
      `SELECT ${asEnded}, NULL, NULL FROM ${told} t STRAIGHT_JOIN ${sessions} s ON ${s.id} = t.id
    WHERE t.kind = 'ended' ORDER BY t.n;
  IF EXISTS (SELECT 1 FROM ${told} t) THEN
    ${holdFeed(names)}
    INSERT INTO ${changes} (kind, id, reason, at) SELECT t.kind, t.id, t.reason, t.at FROM ${told} t ORDER BY t.n;
  END IF;`,
    ),
  ]
}

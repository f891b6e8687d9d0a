import { feedKept, feedMost } from './feed.ts'
import { holdFeed, procedure, step } from './mysql-procedure.ts'
import type { Kit } from './mysql-procedure.ts'
import { termsOf } from './mysql-terms.ts'
import { endingColumns, endingOf, judge } from './mysql-trees.ts'

/** `Store.sweep`: `sweep.ts` in SQL. */
export function sweepProcedures(kit: Kit): readonly string[] {
  return [sweepRealm(kit), mark(kit), underWatermarks(kit), sweep(kit)]
}

/** The end of a session that is looked at, not yet known to be over: `judge` leaves the reason empty where it lives. */
const looked = { at: 'p_now', reason: "''", by: 'NULL', asked: "''", level: '0' }
const counters =
  'INOUT io_forgot BIGINT, INOUT io_purged BIGINT, INOUT io_minimised BIGINT, INOUT io_due BIGINT'

/** What of one realm, or one subject in it, is dead, past retention or full of details; and what may be over, into `due`. */
function sweepRealm({ names, text }: Kit): string {
  const { sessions, stage, stageAt, due, c } = names
  const { s, forget } = termsOf(names)
  const details = `${s.ip} = NULL, ${s.userAgent} = NULL, ${s.fingerprint} = NULL, ${s.data} = '{}'`
  const left = (done: string): string => `SET v_left = p_limit - ${done};`
  const done = (counter: string): string => `SET ${counter} = ${counter} + ROW_COUNT();`
  // A DELETE has no alias and takes no index by name.
  const those = (at: string, number: number, before: string, of: string): string =>
    `WHERE ${at}.${c.realm} = p_realm${of} AND ${at}.${stage} = ${number} AND ${at}.${stageAt} < ${before}`
  const actions = (subject: boolean): string => {
    const [order, ofAlias, ofTable] = subject
      ? ['', ` AND ${s.subject} = p_subject`, ` AND ${sessions}.${c.subject} = p_subject`]
      : [` ORDER BY s.${stageAt}`, '', '']
    const inOrder = subject ? '' : ` ORDER BY ${sessions}.${stageAt}`
    const purge = (number: number): string => `${left('io_purged')}
    DELETE FROM ${sessions} ${those(sessions, number, 'p_purge', ofTable)}${inOrder} LIMIT v_left;
    ${done('io_purged')}`
    return `${left('io_forgot')}
    UPDATE ${sessions} s SET ${forget} ${those('s', 2, 'p_now', ofAlias)}${order} LIMIT v_left;
    ${done('io_forgot')}
    ${purge(3)}
    ${purge(4)}
    ${left('io_minimised')}
    UPDATE ${sessions} s SET ${details} ${those('s', 3, 'p_minimise', ofAlias)}${order} LIMIT v_left;
    ${done('io_minimised')}`
  }
  const look = `INSERT INTO ${due} (${endingColumns}) SELECT ${endingOf(names, looked)} FROM ${sessions} s`
  return procedure(
    names.procedure('sweep_realm_1'),
    [
      `p_realm ${text}, p_subject ${text}`,
      'p_now BIGINT, p_limit BIGINT, p_purge BIGINT, p_minimise BIGINT',
      counters,
    ],
    `  DECLARE v_left BIGINT;
  IF p_subject IS NULL THEN
    ${actions(false)}
    ${left('io_due')}
    ${look} FORCE INDEX (by_stage) ${those('s', 1, 'p_now', '')} ORDER BY s.${stageAt} LIMIT v_left FOR UPDATE;
    ${done('io_due')}
  ELSE
    ${actions(true)}
    ${look} FORCE INDEX (live_by_subject)
      WHERE ${s.realm} = p_realm AND ${s.subject} = p_subject AND s.${stage} = 1 FOR UPDATE;
  END IF;`,
  )
}

/**
 * Ends those of `due` that are over, at most so many, what was over first first. Where nothing stands below any of them they all
 * end in one; else one after the other, so that what stands below ends by what ended first.
 */
function mark({ names, text }: Kit): string {
  const { sessions, due, told, step: ending } = names
  const { s } = termsOf(names)
  const over = `t.over_reason <> ''`
  const columns =
    't.id, 0, 0, t.deadline, t.timeout, t.mark_at, t.mark_reason, t.at, t.over_reason, NULL, t.over_reason'
  const take = `INSERT INTO ${ending} (${endingColumns}) SELECT ${columns} FROM ${due} t`
  const inOrder = `WHERE ${over} ORDER BY t.over_at, t.id LIMIT p_most`
  return procedure(
    names.procedure('mark_1'),
    ['p_most BIGINT'],
    `  DECLARE v_id ${text};
  DECLARE v_over INT DEFAULT 0;
  DECLARE v_ids CURSOR FOR SELECT t.id FROM ${due} t ${inOrder};
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_over = 1;
  ${judge(due, 'TRUE')}
  IF NOT EXISTS (SELECT 1 FROM ${due} t WHERE ${over}) THEN LEAVE body; END IF;
  IF NOT EXISTS (
    SELECT 1 FROM ${due} t STRAIGHT_JOIN ${sessions} s FORCE INDEX (by_parent) ON ${s.parent} = t.id WHERE ${over}
  ) THEN
    DELETE FROM ${ending};
    ${take} ${inOrder};
    CALL ${names.procedure('trees_1')}();
    LEAVE body;
  END IF;
  OPEN v_ids;
  each_of_them: LOOP
    FETCH v_ids INTO v_id;
    IF v_over = 1 THEN LEAVE each_of_them; END IF;
    IF NOT EXISTS (SELECT 1 FROM ${told} t WHERE t.id = v_id) THEN
      DELETE FROM ${ending};
      ${take} WHERE t.id = v_id;
      CALL ${names.procedure('trees_1')}();
      SET v_over = 0;
    END IF;
  END LOOP;
  CLOSE v_ids;`,
  )
}

/** Goes on through what watermarks cover, while there is something left to look at, and drops those that have nothing left to say. */
function underWatermarks({ names, text }: Kit): string {
  const { sessions, watermarks, stage, due } = names
  const { s, forget } = termsOf(names)
  const next = (where: string, rest: string): string => `SET v_scope = NULL;
    SELECT v.scope, v.realm, v.subject, v.method, v.policy, v.at, v.swept_created_at, v.swept_id
      INTO v_scope, v_realm, v_subject, v_method, v_policy, v_at, v_created_at, v_id
      FROM ${watermarks} v WHERE ${where} AND (p_realm IS NULL OR v.realm = p_realm) ${rest} LIMIT 1 FOR UPDATE;
    IF v_scope IS NULL THEN LEAVE each_of_them; END IF;`
  const take = (index: string, of: string): string =>
    `INSERT INTO ${due} (${endingColumns}) SELECT ${endingOf(names, looked)}
        FROM ${sessions} s FORCE INDEX (${index})
        WHERE ${s.realm} = v_realm${of} AND s.${stage} = 1
          AND ${s.createdAt} <= v_created_at AND (${s.createdAt} < v_created_at OR ${s.id} > v_id)
        ORDER BY ${s.createdAt} DESC, ${s.id} LIMIT io_left FOR UPDATE;`
  const forgetThose = (of: string): string =>
    `UPDATE ${sessions} s SET ${forget}
        WHERE ${s.realm} = v_realm${of} AND s.${stage} = 2 AND ${s.createdAt} <= v_at
          AND (v_method IS NULL OR ${s.method} = v_method) AND (v_policy IS NULL OR ${s.policy} = v_policy)
        LIMIT v_left;`
  const ofSubject = ` AND ${s.subject} = v_subject`
  return procedure(
    names.procedure('sweep_watermarks_1'),
    [`p_realm ${text}`, 'p_now BIGINT, p_purge BIGINT', 'INOUT io_left BIGINT'],
    `  DECLARE v_scope BINARY(32);
  DECLARE v_realm, v_subject, v_method, v_policy, v_id ${text};
  DECLARE v_at, v_created_at, v_count, v_left BIGINT;
  DECLARE v_tries BIGINT DEFAULT 0;
  DECLARE v_forgot BIGINT DEFAULT 0;
  DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;
  each_of_them: WHILE io_left > 0 DO
    ${next('v.swept = 0', 'ORDER BY v.at')}
    SET v_created_at = COALESCE(v_created_at, v_at), v_id = COALESCE(v_id, '');
    DELETE FROM ${due};
    IF v_subject IS NULL THEN
      ${take('live', '')}
    ELSE
      ${take('live_by_subject', ofSubject)}
    END IF;
    SET v_count = ROW_COUNT();
    SELECT ${s.createdAt}, ${s.id} INTO v_created_at, v_id
      FROM ${due} t STRAIGHT_JOIN ${sessions} s ON ${s.id} = t.id ORDER BY t.n DESC LIMIT 1;
    CALL ${names.procedure('mark_1')}(v_count);
    UPDATE ${watermarks} v SET v.swept = IF(v_count < io_left, 1, 0),
        v.swept_created_at = IF(v_count < io_left, NULL, v_created_at), v.swept_id = IF(v_count < io_left, NULL, v_id)
      WHERE v.scope = v_scope;
    SET io_left = io_left - GREATEST(1, v_count);
  END WHILE;
  each_of_them: WHILE v_tries < io_left DO
    ${next('v.swept = 1 AND v.at < p_purge', '')}
    SET v_left = io_left - v_forgot;
    IF v_subject IS NULL THEN
      ${forgetThose('')}
    ELSE
      ${forgetThose(ofSubject)}
    END IF;
    SET v_forgot = v_forgot + ROW_COUNT();
    IF v_forgot >= io_left THEN LEAVE each_of_them; END IF;
    DELETE FROM ${watermarks} WHERE ${watermarks}.scope = v_scope;
    SET v_tries = v_tries + 1;
  END WHILE;
  SET io_left = io_left - v_forgot;`,
  )
}

function sweep({ names, text }: Kit): string {
  const { sessions, changes, due, told } = names
  const { s } = termsOf(names)
  const one = (realm: string): string =>
    `CALL ${names.procedure('sweep_realm_1')}(${realm}, p_subject, p_now, p_limit, p_purge, p_minimise,
      v_forgot, v_purged, v_minimised, v_due);`
  // Each realm by one step in the index.
  const next = (after: string, is: string): string => `SET v_next = NULL;
      SELECT ${s.realm} INTO v_next FROM ${sessions} s FORCE INDEX (by_creation)
        WHERE ${s.realm} ${is} ${after} ORDER BY ${s.realm} LIMIT 1;`
  return step(
    names.procedure('sweep_1'),
    [`p_realm ${text}, p_subject ${text}`, 'p_now BIGINT, p_limit BIGINT, p_purge BIGINT, p_minimise BIGINT'],
    `  DECLARE v_realm, v_next ${text};
  DECLARE v_forgot, v_purged, v_minimised, v_due, v_left, v_ended BIGINT DEFAULT 0;
  DECLARE v_kept, v_most BIGINT;
  DECLARE v_kind VARCHAR(16);`,
    `  CALL ${names.procedure('begin_1')}();
  CALL ${names.procedure('begin_sweep_1')}();
  IF p_realm IS NOT NULL THEN
    ${one('p_realm')}
  ELSE
    ${next("''", '>=')}
    WHILE v_next IS NOT NULL DO
      SET v_realm = v_next;
      ${one('v_realm')}
      ${next('v_realm', '>')}
    END WHILE;
  END IF;
  IF p_subject IS NOT NULL THEN
    CALL ${names.procedure('mark_1')}(p_limit);
    SELECT COUNT(*) INTO v_ended FROM ${told} t;
    SET v_left = p_limit - v_ended;
  ELSE
    CALL ${names.procedure('mark_1')}(p_limit);
    UPDATE ${due} t STRAIGHT_JOIN ${sessions} s ON ${s.id} = t.id SET ${s.dueAt} = t.deadline WHERE ${s.endedAt} IS NULL;
    SET v_left = p_limit - v_due;
    CALL ${names.procedure('sweep_watermarks_1')}(p_realm, p_now, p_purge, v_left);
  END IF;
  SELECT v_purged, v_minimised, v_left <= 0 OR p_limit IN (v_forgot, v_purged, v_minimised);
  CALL ${names.procedure('tell_1')}();
  SELECT x.kind INTO v_kind FROM ${changes} x ORDER BY x.seq DESC LIMIT 1;
  IF v_kind <> 'note' THEN
    ${holdFeed(names)}
    INSERT INTO ${changes} (kind, at, noted_at) VALUES ('note', p_now, p_now);
  END IF;
  SELECT MAX(x.seq) INTO v_kept FROM ${changes} x WHERE x.noted_at <= p_now - ${feedKept};
  SELECT x.seq INTO v_most FROM ${changes} x ORDER BY x.seq DESC LIMIT 1 OFFSET ${feedMost};
  DELETE FROM ${changes} WHERE ${changes}.seq < GREATEST(COALESCE(v_kept, 0), COALESCE(v_most, 0))
    ORDER BY ${changes}.seq LIMIT ${feedMost};`,
  )
}

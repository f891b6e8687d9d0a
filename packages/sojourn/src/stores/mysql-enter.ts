import { columnNames } from './sql-names.ts'
import type { ColumnName } from './sql-names.ts'
import { answer, procedure, step } from './mysql-procedure.ts'
import type { Kit } from './mysql-procedure.ts'
import { admissionLocks } from './mysql-tables.ts'
import { insertedKeys, termsOf } from './mysql-terms.ts'
import { endingColumns, endingOf, mayEnd } from './mysql-trees.ts'

/** What of a session is a whole number; all else is text. */
const numbers = new Set<ColumnName>([
  'assurance',
  'authenticatedAt',
  'restored',
  'createdAt',
  'activatedAt',
  'lastSeenAt',
  'lag',
  'idleTimeout',
  'expiresAt',
  'regeneratedAt',
  'rememberedUntil',
  'revision',
  'endedAt',
  'confirmed',
  'refreshExpiresAt',
  'refreshUsedAt',
  'dueAt',
])

/** The parameter that holds a value of the new session. */
const e = (key: ColumnName): string => `e_${columnNames[key]}`

/** What the steps that let a session in have in common. */
export function entranceOf({ names, text }: Kit) {
  const { sessions } = names
  const { s, session } = termsOf(names)
  const entry = insertedKeys.map((key) => `${e(key)} ${numbers.has(key) ? 'BIGINT' : text}`)
  return {
    /** The new session, and the limit that binds it: `p_most` is NULL where none does. */
    parameters: [...entry, 'p_most BIGINT, p_refuse INT'],

    variables: `  DECLARE v_status VARCHAR(16) DEFAULT 'created';
  DECLARE v_slot INT;`,

    /** A session came in between under the same id: nothing was written. */
    collision: (status: string): string =>
      `  DECLARE EXIT HANDLER FOR 1062 BEGIN ROLLBACK; SELECT '${status}'; END;`,

    /** One after the other, where a limit is to be kept. It is the first lock of a step: whoever holds it waits for nobody who waits for it. */
    lock: `IF p_most IS NOT NULL THEN
    SELECT l.slot INTO v_slot FROM ${names.locks} l
      WHERE l.slot = MOD(CRC32(CONCAT_WS('/', e_realm, e_subject)), ${admissionLocks}) FOR UPDATE;
  END IF;`,

    isTaken: `EXISTS (SELECT 1 FROM ${sessions} s WHERE ${s.id} = e_id)`,

    enter: (limit: string, how: string): string =>
      `CALL ${names.procedure('enter_1')}(${insertedKeys.map(e).join(', ')}, ${limit}, ${how}, v_status);`,

    refused: `IF v_status = 'refused' THEN
    SELECT v_status;
    SELECT ${session}, NULL, NULL FROM ${names.next} t STRAIGHT_JOIN ${sessions} s ON ${s.id} = t.id ORDER BY t.n;
    ROLLBACK;
    LEAVE body;
  END IF;`,
  } as const
}

/**
 * Judges a new session under a limit at a moment, inserts it and ends what it replaces and what there is no room for: `admit.ts` in
 * SQL. `p_replaces` ends for `p_reason`; where that is `spent`, its refresh token is spent for the new session.
 */
export function enterProcedure(kit: Kit): string {
  const { names, text } = kit
  const { sessions, next, told, c } = names
  const { s, covering, live, notCovered } = termsOf(names)
  const evicted = { at: 'p_moment', reason: "'evicted_by_limit'", by: 'NULL', asked: "'evicted_by_limit'" }
  const replaced = { at: 'p_moment', reason: 'p_reason', by: 'NULL', asked: 'p_reason' }
  const inserted = insertedKeys.map((key) => {
    // A session that a watermark covered from the first has no later moment at which a sweep would look at it.
    return key === 'dueAt' ? `IF(EXISTS (SELECT 1 ${covering(entering)}), 0, ${e(key)})` : e(key)
  })
  const columns = endingColumns.split(', ').map((column) => `t.${column}`)
  return procedure(
    names.procedure('enter_1'),
    [
      ...entranceOf(kit).parameters,
      `p_replaces ${text}, p_reason ${text}, p_moment BIGINT, p_in_place INT`,
      'OUT o_status VARCHAR(16)',
    ],
    `  DECLARE v_excess BIGINT DEFAULT 0;
  SET o_status = 'created';
  IF p_most IS NOT NULL THEN
    INSERT INTO ${next} (${endingColumns}) SELECT ${endingOf(names, { ...evicted, level: '0' })}
      FROM ${sessions} s FORCE INDEX (live_by_subject)
      WHERE ${s.realm} = e_realm AND ${s.subject} = e_subject AND s.${names.stage} = 1
        AND NOT ${s.id} <=> e_id AND NOT ${s.id} <=> p_replaces
        AND ${s.activatedAt} IS NOT NULL AND ${s.actor} IS NULL AND ${live('p_moment')} AND ${notCovered}
      ORDER BY ${s.lastSeenAt}, ${s.createdAt}, ${s.id} FOR UPDATE;
    SET v_excess = ROW_COUNT() + 1 - p_most;
    IF v_excess > 0 AND p_refuse = 1 THEN
      SET o_status = 'refused';
      LEAVE body;
    END IF;
  END IF;
  IF p_in_place = 1 THEN DELETE FROM ${sessions} WHERE ${sessions}.${c.id} = e_id; END IF;
  INSERT INTO ${sessions} (${insertedKeys.map((key) => c[key]).join(', ')}) VALUES (${inserted.join(', ')});
  IF p_reason = 'spent' THEN
    INSERT INTO ${told} (kind, id, reason, at) SELECT 'ended', ${s.id}, 'remember_restored', p_moment
      FROM ${sessions} s WHERE ${s.id} = p_replaces AND ${s.endedAt} IS NULL;
    UPDATE ${sessions} s SET ${s.rememberedUntil} = NULL, ${s.refreshUsedAt} = p_moment, ${s.refreshSuccessor} = e_id,
        ${s.endReason} = IF(${s.endedAt} IS NULL, 'remember_restored', ${s.endReason}),
        ${s.endedAt} = COALESCE(${s.endedAt}, p_moment)
      WHERE ${s.id} = p_replaces;
  END IF;
  IF p_reason IN ('upgraded', 'spent') THEN
    UPDATE ${sessions} s SET ${s.parent} = e_id
      WHERE ${s.parent} = p_replaces AND ${s.id} <> p_replaces AND ${s.id} <> e_id;
    IF ROW_COUNT() > 0 THEN
      INSERT INTO ${told} (kind, id) SELECT 'changed', ${s.id}
        FROM ${sessions} s WHERE ${s.parent} = e_id AND ${s.endedAt} IS NULL;
    END IF;
  END IF;
  IF p_reason <> 'spent' THEN
    INSERT INTO ${names.step} (${endingColumns}) SELECT ${endingOf(names, { ...replaced, level: '0' })}
      FROM ${sessions} s WHERE ${s.id} = p_replaces AND ${mayEnd(names, 'p_reason')} FOR UPDATE;
  END IF;
  IF v_excess > 0 THEN
    INSERT IGNORE INTO ${names.step} (${endingColumns})
      SELECT ${columns.join(', ')} FROM ${next} t ORDER BY t.n LIMIT v_excess;
  END IF;
  IF v_excess > 0 OR p_reason <> 'spent' THEN
    INSERT IGNORE INTO ${names.step} (id, level, was_ended) VALUES (e_id, -1, 1);
    CALL ${names.procedure('trees_1')}();
  END IF;`,
  )
}

const entering = {
  realm: e('realm'),
  subject: e('subject'),
  method: e('method'),
  policy: e('policy'),
  createdAt: e('createdAt'),
}

/** `Store.create`. */
export function createProcedure(kit: Kit): string {
  const { names, text } = kit
  const { parameters, variables, collision, lock, isTaken, enter, refused } = entranceOf(kit)
  return step(
    names.procedure('create_1'),
    [...parameters, `p_replaces ${text}, p_reason ${text}`],
    `${variables}\n${collision('duplicate')}`,
    `  IF p_most IS NULL AND p_replaces IS NULL THEN
    ${enter('NULL, NULL', 'NULL, NULL, NULL, 0')}
    COMMIT;
    SELECT v_status;
    LEAVE body;
  END IF;
  ${lock}
  IF ${isTaken} THEN ${answer("'duplicate'")} END IF;
  CALL ${names.procedure('begin_1')}();
  ${enter('p_most, p_refuse', 'p_replaces, p_reason, e_last_seen_at, 0')}
  ${refused}
  SELECT v_status;
  CALL ${names.procedure('tell_1')}();`,
  )
}

/** `Store.upgrade`. */
export function upgradeProcedure(kit: Kit): string {
  const { names, text } = kit
  const { parameters, variables, collision, lock, isTaken, enter, refused } = entranceOf(kit)
  const { s, live, notCovered } = termsOf(names)
  return step(
    names.procedure('upgrade_1'),
    [...parameters, `p_id ${text}`, 'p_if_revision BIGINT'],
    `${variables}
  DECLARE v_revision BIGINT;
  DECLARE v_open INT DEFAULT 0;
${collision('duplicate')}`,
    `  ${lock}
  SELECT ${s.revision}, ${live('e_last_seen_at')} AND ${notCovered}
      AND (${s.subject} IS NULL OR ${s.activatedAt} IS NULL)
    INTO v_revision, v_open FROM ${names.sessions} s WHERE ${s.id} = p_id FOR UPDATE;
  IF v_open = 0 THEN ${answer("'gone'")} END IF;
  IF v_revision <> p_if_revision THEN ${answer("'conflict'")} END IF;
  CALL ${names.procedure('begin_1')}();
  IF e_id = p_id THEN
    ${enter('p_most, p_refuse', 'NULL, NULL, e_last_seen_at, 1')}
  ELSE
    IF ${isTaken} THEN ${answer("'duplicate'")} END IF;
    ${enter('p_most, p_refuse', "p_id, 'upgraded', e_last_seen_at, 0")}
  END IF;
  ${refused}
  IF e_id = p_id THEN INSERT INTO ${names.told} (kind, id) VALUES ('changed', e_id); END IF;
  SELECT v_status;
  CALL ${names.procedure('tell_1')}();`,
  )
}

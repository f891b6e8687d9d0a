import { entranceOf } from './mysql-enter.ts'
import { answer, step } from './mysql-procedure.ts'
import type { Kit } from './mysql-procedure.ts'
import { termsOf } from './mysql-terms.ts'
import { endingColumns, endingOf, mayEnd } from './mysql-trees.ts'

/** `Store.restore`: `restore.ts` in SQL. */
export function restoreProcedure(kit: Kit): string {
  const { names, text } = kit
  const { sessions } = names
  const { parameters, variables, collision, lock, isTaken, enter, refused } = entranceOf(kit)
  const { s, session, live, notCovered, timeout } = termsOf(names)
  const restorable = `(${s.rememberedUntil} >= p_at
        AND (${s.endReason} = 'idle_timeout' OR (${s.endReason} IS NULL AND ${timeout} = 'idle_timeout')))`
  const opens = `(${notCovered} AND (${live('p_at')} OR ${restorable}))`
  const reuse = { at: 'p_at', reason: "'token_reuse'", by: 'NULL', asked: "'token_reuse'", level: '0' }
  const record = (id: string): string =>
    `SELECT ${session}, NULL, NULL FROM ${sessions} s WHERE ${s.id} = ${id};`
  return step(
    names.procedure('restore_1'),
    [...parameters, `p_id ${text}, p_from ${text}, p_at BIGINT, p_grace BIGINT`],
    `${variables}
  DECLARE v_realm, v_subject, v_family, v_hash, v_successor ${text};
  DECLARE v_good_until, v_used_at BIGINT;
  DECLARE v_opens, v_there INT DEFAULT 0;
  DECLARE v_used, v_confirmed INT DEFAULT 1;
${collision('gone')}`,
    `  ${lock}
  SELECT ${s.realm}, ${s.subject}, ${s.family}, ${s.refreshHash}, ${s.refreshExpiresAt}, ${s.refreshUsedAt},
      ${s.refreshSuccessor}, ${opens}
    INTO v_realm, v_subject, v_family, v_hash, v_good_until, v_used_at, v_successor, v_opens
    FROM ${sessions} s WHERE ${s.id} = p_id FOR UPDATE;
  IF v_hash IS NULL OR v_good_until IS NULL OR v_hash <> p_from OR v_family IS NULL OR p_at > v_good_until THEN
    ${answer("'gone'")}
  END IF;
  IF v_used_at IS NOT NULL THEN
    SET v_opens = 0;
    SELECT 1, ${s.refreshHash} IS NOT NULL AND ${s.refreshExpiresAt} IS NOT NULL AND ${s.refreshUsedAt} IS NOT NULL,
        ${s.confirmed}, ${opens}
      INTO v_there, v_used, v_confirmed, v_opens
      FROM ${sessions} s WHERE ${s.id} = v_successor FOR UPDATE;
    SET v_status = IF(p_at <= v_used_at + p_grace, IF(v_used = 1, 'late', 'grace'),
      IF(v_used = 1 OR v_confirmed = 1, 'reused', 'lost_response'));
    IF v_status = 'late' THEN ${answer('v_status')} END IF;
    IF v_status <> 'reused' THEN
      IF v_opens IS NULL OR v_opens = 0 THEN ${answer("'gone'")} END IF;
      SELECT v_status;
      ${record('v_successor')}
      ROLLBACK;
      LEAVE body;
    END IF;
    CALL ${names.procedure('begin_1')}();
    INSERT INTO ${names.step} (${endingColumns}) SELECT ${endingOf(names, reuse)}
      FROM ${sessions} s FORCE INDEX (by_family)
      WHERE ${s.family} = v_family AND ${s.realm} = v_realm AND ${mayEnd(names, "'token_reuse'")} FOR UPDATE;
    CALL ${names.procedure('trees_1')}();
    SELECT v_status;
    ${record('IF(v_there = 1, v_successor, p_id)')}
    CALL ${names.procedure('tell_1')}();
    COMMIT;
    LEAVE body;
  END IF;
  IF v_opens IS NULL OR v_opens = 0 THEN ${answer("'gone'")} END IF;
  IF NOT (e_realm <=> v_realm AND e_subject <=> v_subject AND e_family <=> v_family) THEN
    SELECT 'misfit';
    ${record('p_id')}
    ROLLBACK;
    LEAVE body;
  END IF;
  IF ${isTaken} THEN ${answer("'gone'")} END IF;
  CALL ${names.procedure('begin_1')}();
  ${enter('p_most, p_refuse', "p_id, 'spent', p_at, 0")}
  ${refused}
  SELECT 'spent';
  CALL ${names.procedure('tell_1')}();`,
  )
}

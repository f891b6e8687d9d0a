import { answer, holdFeed, step, tellChanged } from './mysql-procedure.ts'
import type { Kit } from './mysql-procedure.ts'
import { termsOf } from './mysql-terms.ts'

/** The steps that change one session, or some of them each for itself. */
export function changeProcedures({ names, text }: Kit): readonly string[] {
  const { sessions, changes } = names
  const { s, session, secrets, live, notCovered, sound, deadline } = termsOf(names)
  const found = `SELECT ${session}, NULL, NULL, ${secrets} FROM ${sessions} s WHERE ${s.id} = p_id;`
  // What the database alone cannot tell to be sound is shown to the caller, who comes again with p_sure where it is.
  const doubt = `IF v_sound = 0 AND p_sure = 0 THEN
    SELECT 'doubtful';
    ${found}
    ROLLBACK;
    LEAVE body;
  END IF;`
  const open = `${live('p_at')} AND ${notCovered}`

  const isConfirmed = `${s.confirmed} = 0 AND ${s.secretHash} <=> t.confirm`
  const isRehashed = `${s.secretHash} <=> t.from_hash AND NOT t.from_hash <=> t.to_hash`
  const tells = `(${isConfirmed} OR (t.from_hash IS NOT NULL AND ${isRehashed}))`
  const touched = `JSON_TABLE(p_entries, '$[*]' COLUMNS (
        id ${text} PATH '$.id', at BIGINT PATH '$.at', lag BIGINT PATH '$.lag', confirm ${text} PATH '$.confirm',
        from_hash ${text} PATH '$.from', to_hash ${text} PATH '$.to', wave INT PATH '$.wave')) t
      STRAIGHT_JOIN ${sessions} s ON ${s.id} = t.id`
  const counts = `t.wave = v_wave AND ${live('t.at')} AND ${notCovered}`

  return [
    /** Entries of one wave are of different sessions. Without p_tells none of them confirms or rehashes. */
    step(
      names.procedure('touch_1'),
      [`p_entries ${text}`, 'p_waves INT', 'p_tells INT'],
      `  DECLARE v_wave INT DEFAULT 0;
  DECLARE v_told BIGINT;`,
      `  WHILE v_wave < p_waves DO
    IF p_tells = 1 THEN
      SELECT COALESCE(SUM(${tells}), 0) INTO v_told FROM ${touched} WHERE t.wave = v_wave FOR UPDATE;
      IF v_told > 0 THEN
        ${holdFeed(names)}
        INSERT INTO ${changes} (kind, id) SELECT 'changed', ${s.id} FROM ${touched} WHERE ${counts} AND ${tells};
      END IF;
    END IF;
    UPDATE ${touched} SET
        ${s.lag} = CASE WHEN t.at > ${s.lastSeenAt} THEN t.lag WHEN t.at = ${s.lastSeenAt} THEN LEAST(${s.lag}, t.lag)
          ELSE ${s.lag} END,
        ${s.lastSeenAt} = GREATEST(${s.lastSeenAt}, t.at),
        ${s.confirmed} = ${s.confirmed} = 1 OR ${s.secretHash} <=> t.confirm,
        ${s.secretHash} = IF(${s.secretHash} <=> t.from_hash, t.to_hash, ${s.secretHash})
      WHERE ${counts};
    SET v_wave = v_wave + 1;
  END WHILE;`,
    ),

    step(
      names.procedure('regenerate_1'),
      [
        `p_id ${text}, p_from ${text}, p_to ${text}, p_at BIGINT, p_sure INT`,
        `p_elevates INT, p_assurance INT, p_amr ${text}, p_authenticated_at BIGINT, p_factors ${text}`,
        'p_restored INT, p_expires_at BIGINT',
      ],
      `  DECLARE v_hash ${text};
  DECLARE v_open, v_sound INT DEFAULT 0;`,
      `  SELECT ${s.secretHash}, ${open}, ${sound} INTO v_hash, v_open, v_sound
    FROM ${sessions} s WHERE ${s.id} = p_id FOR UPDATE;
  IF v_open = 0 THEN ${answer("'gone'")} END IF;
  ${doubt}
  IF v_hash <> p_from THEN ${answer("'lost'")} END IF;
  UPDATE ${sessions} s SET ${s.previousHash} = ${s.secretHash}, ${s.secretHash} = p_to, ${s.regeneratedAt} = p_at, ${s.confirmed} = 0
    WHERE ${s.id} = p_id;
  IF p_elevates = 1 THEN
    UPDATE ${sessions} s SET ${s.assurance} = p_assurance, ${s.amr} = p_amr, ${s.authenticatedAt} = p_authenticated_at,
        ${s.factors} = p_factors, ${s.restored} = p_restored, ${s.dueAt} = ${deadline('p_expires_at')},
        ${s.expiresAt} = p_expires_at
      WHERE ${s.id} = p_id;
  END IF;
  SELECT 'regenerated';
  ${found}
  ${tellChanged(names, 'p_id')}`,
    ),

    /** Patches data as text; see mysql-data.ts for its marks. `p_stored` is what the caller has marked anew, as `p_marked`. */
    step(
      names.procedure('write_1'),
      [
        `p_id ${text}, p_operations ${text}, p_refused INT, p_at BIGINT, p_if_revision BIGINT`,
        `p_sure INT, p_stored ${text}, p_marked ${text}`,
      ],
      `  DECLARE v_data, v_rest, v_operation, v_kind, v_key, v_part, v_value, v_mark ${text};
  DECLARE v_revision, v_start, v_end, v_count, v_keep BIGINT;
  DECLARE v_open, v_sound INT DEFAULT 0;
  DECLARE v_line, v_tab, v_unit, v_record ${text};
  DECLARE EXIT HANDLER FOR 1690 BEGIN ROLLBACK; SELECT 'infinite', v_key; END;`,
      `  SET v_line = '\n', v_tab = '\t', v_unit = '\u001f', v_record = '\u001e';
  SELECT ${s.revision}, ${s.data}, ${open}, ${sound} INTO v_revision, v_data, v_open, v_sound
    FROM ${sessions} s WHERE ${s.id} = p_id FOR UPDATE;
  IF v_open = 0 THEN ${answer("'gone'")} END IF;
  IF p_sure = 1 AND v_data = p_stored THEN
    SET v_data = p_marked, v_sound = 1;
  ELSE
    SET p_sure = 0;
  END IF;
  ${doubt}
  IF v_revision <> p_if_revision THEN ${answer("'conflict', v_revision")} END IF;
  SET v_data = IF(v_data = '{}', '', CONCAT(v_line, ',', SUBSTRING(v_data, 4, CHAR_LENGTH(v_data) - 4)));
  SET v_rest = p_operations;
  WHILE v_rest <> '' DO
    SET v_operation = SUBSTRING_INDEX(v_rest, v_record, 1);
    SET v_rest = SUBSTRING(v_rest, CHAR_LENGTH(v_operation) + 2);
    SET v_kind = SUBSTRING_INDEX(v_operation, v_unit, 1);
    SET v_key = SUBSTRING_INDEX(SUBSTRING_INDEX(v_operation, v_unit, 2), v_unit, -1);
    SET v_part = SUBSTRING_INDEX(SUBSTRING_INDEX(v_operation, v_unit, 3), v_unit, -1);
    SET v_mark = CONCAT(v_line, ',', v_key, ':');
    SET v_start = LOCATE(v_mark, v_data), v_value = NULL;
    IF v_start > 0 THEN
      SET v_end = LOCATE(v_line, v_data, v_start + 1);
      IF v_end = 0 THEN SET v_end = CHAR_LENGTH(v_data) + 1; END IF;
      SET v_value = SUBSTRING(v_data, v_start + CHAR_LENGTH(v_mark), v_end - v_start - CHAR_LENGTH(v_mark));
    END IF;
    IF v_kind = 'number' THEN
      IF v_value IS NOT NULL AND LOCATE(LEFT(v_value, 1), '-0123456789') = 0 THEN
        ${answer("'not_a_number', v_key, v_value")}
      END IF;
    ELSEIF v_kind = 'list' THEN
      IF v_value IS NOT NULL AND LEFT(v_value, 1) <> '[' THEN ${answer("'not_a_list', v_key")} END IF;
    ELSE
      IF v_kind = 'set' THEN
        SET v_value = v_part;
      ELSEIF v_kind = 'add' THEN
        SET v_value = CONCAT((COALESCE(v_value, '0') + 0e0) + (v_part + 0e0));
      ELSEIF v_kind = 'append' THEN
        SET v_keep = v_part;
        SET v_part = SUBSTRING_INDEX(SUBSTRING_INDEX(v_operation, v_unit, 4), v_unit, -1);
        SET v_value = IF(v_value IS NULL, '', SUBSTRING(v_value, 2, CHAR_LENGTH(v_value) - 2));
        SET v_count = CHAR_LENGTH(v_value) - CHAR_LENGTH(REPLACE(v_value, v_tab, ''));
        IF v_keep = 0 THEN
          SET v_value = '';
        ELSEIF v_count > v_keep THEN
          SET v_value = CONCAT(v_tab, SUBSTRING_INDEX(v_value, v_tab, -v_keep));
        END IF;
        SET v_value = CONCAT('[', v_value, IF(v_value = '' OR v_part = '', '', ','), v_part, ']');
      END IF;
      SET v_part = IF(v_kind = 'delete', '', CONCAT(v_mark, v_value));
      IF v_start > 0 THEN
        SET v_data = CONCAT(LEFT(v_data, v_start - 1), v_part, SUBSTRING(v_data, v_end));
      ELSE
        SET v_data = CONCAT(v_data, v_part);
      END IF;
    END IF;
  END WHILE;
  IF p_refused = 1 THEN ${answer("'refused'")} END IF;
  SET v_data = IF(v_data = '', '{}', CONCAT('{', v_line, ' ', SUBSTRING(v_data, 3), '}'));
  UPDATE ${sessions} s SET ${s.revision} = v_revision + 1, ${s.data} = v_data WHERE ${s.id} = p_id;
  SELECT 'written';
  ${found}
  ${tellChanged(names, 'p_id')}`,
    ),

    /** The row is made first, so that it can be locked: it is never seen as it is made. */
    step(
      names.procedure('void_1'),
      [
        `p_scope ${text}, p_realm ${text}, p_subject ${text}, p_method ${text}, p_policy ${text}, p_at BIGINT, p_reason ${text}`,
      ],
      `  DECLARE v_scope BINARY(32) DEFAULT UNHEX(SHA2(p_scope, 256));
  DECLARE v_at BIGINT;`,
      `  INSERT INTO ${names.watermarks} (scope, realm, subject, method, policy, at, reason, swept)
    VALUES (v_scope, p_realm, p_subject, p_method, p_policy, -9223372036854775808, '', 0)
    ON DUPLICATE KEY UPDATE ${names.watermarks}.scope = v_scope;
  SELECT v.at INTO v_at FROM ${names.watermarks} v WHERE v.scope = v_scope FOR UPDATE;
  IF p_at > v_at THEN
    UPDATE ${names.watermarks} v SET v.at = p_at, v.reason = p_reason, v.swept = 0, v.swept_created_at = NULL, v.swept_id = NULL
      WHERE v.scope = v_scope;
    ${holdFeed(names)}
    INSERT INTO ${changes} (kind, reason, at, scope) VALUES ('watermark', p_reason, p_at, p_scope);
  END IF;`,
    ),

    step(
      names.procedure('lease_1'),
      [`p_job ${text}, p_holder ${text}, p_at BIGINT, p_until BIGINT`],
      `  DECLARE v_holder ${text};
  DECLARE v_until BIGINT;`,
      `  INSERT INTO ${names.leases} (job, holder, until_) VALUES (p_job, '', -9223372036854775808)
    ON DUPLICATE KEY UPDATE ${names.leases}.job = p_job;
  SELECT x.holder, x.until_ INTO v_holder, v_until FROM ${names.leases} x WHERE x.job = p_job FOR UPDATE;
  IF v_holder <> p_holder AND v_until >= p_at THEN ${answer('0')} END IF;
  UPDATE ${names.leases} x SET x.holder = p_holder, x.until_ = p_until WHERE x.job = p_job;
  SELECT 1;`,
    ),
  ]
}

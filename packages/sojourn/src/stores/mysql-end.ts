import { step } from './mysql-procedure.ts'
import type { Kit } from './mysql-procedure.ts'
import { termsOf } from './mysql-terms.ts'
import { endingColumns, endingOf, mayEnd } from './mysql-trees.ts'

const texts = [
  'realm',
  'id',
  'except',
  'subject',
  'app',
  'method',
  'family',
  'parent',
  'actor',
  'ip',
] as const
const optional = ['app', 'method', 'family', 'parent', 'actor', 'ip'] as const

/** `Store.end`: the sessions of a filter are found by the index that leads to the fewest. */
export function endProcedure({ names, text }: Kit): string {
  const { sessions, stage } = names
  const { s } = termsOf(names)
  const end = { at: 'p_at', reason: 'p_reason', by: 'p_by', asked: 'p_reason', level: '0' }
  const filter = `${s.realm} = p_realm AND (p_id IS NULL OR ${s.id} = p_id) AND NOT ${s.id} <=> p_except
        AND (p_of_subject = 0 OR ${s.subject} <=> p_subject)
        ${optional.map((key) => `AND (p_${key} IS NULL OR ${s[key]} = p_${key})`).join(' ')}
        AND (p_unseen_since IS NULL OR ${s.lastSeenAt} + ${s.lag} <= p_unseen_since)`
  const take = (index: string, access: string): string =>
    `INSERT INTO ${names.step} (${endingColumns}) SELECT ${endingOf(names, end)}
        FROM ${sessions} s FORCE INDEX (${index})
        WHERE ${access} AND ${filter} AND ${mayEnd(names, 'p_reason')} FOR UPDATE;`
  const stages = `s.${stage} BETWEEN 1 AND v_last`
  return step(
    names.procedure('end_1'),
    [
      ...texts.map((name) => `p_${name} ${text}`),
      'p_of_subject INT, p_unseen_since BIGINT, p_at BIGINT',
      `p_reason ${text}, p_by ${text}`,
    ],
    `  DECLARE v_last INT DEFAULT IF(p_reason = 'idle_timeout', 1, 2);`,
    `  CALL ${names.procedure('begin_1')}();
  IF p_id IS NOT NULL THEN
    ${take('PRIMARY', `${s.id} = p_id`)}
  ELSEIF p_family IS NOT NULL THEN
    ${take('by_family', `${s.family} = p_family`)}
  ELSEIF p_parent IS NOT NULL THEN
    ${take('by_parent', `${s.parent} = p_parent`)}
  ELSEIF p_actor IS NOT NULL THEN
    ${take('by_actor', `${s.actor} = p_actor`)}
  ELSEIF p_of_subject = 1 AND p_subject IS NULL THEN
    ${take('live_by_subject', `${s.subject} IS NULL AND ${stages}`)}
  ELSEIF p_of_subject = 1 THEN
    ${take('live_by_subject', `${s.subject} = p_subject AND ${stages}`)}
  ELSE
    ${take('live', stages)}
  END IF;
  CALL ${names.procedure('trees_1')}();
  CALL ${names.procedure('tell_1')}();`,
  )
}

/** The parameters of `end_1`, by what they are of a filter and an end. */
export const endTexts = texts

import type { Fragments } from './fragments.ts'

/** `restore.ts` in the database. */
export function restoreFunctions(f: Fragments): readonly string[] {
  const { sessions, c, fn } = f
  const opens = (s: string, w: string): string =>
    `${s}.${c.id} IS NOT NULL AND ${w}.at IS NULL AND (${f.isLive(s, 'at$')} OR ${f.isRestorable(s, 'at$')})`
  const used = `(q.${c.id} IS NULL OR q.${c.refreshHash} IS NOT NULL AND q.${c.refreshExpiresAt} IS NOT NULL
    AND q.${c.refreshUsedAt} IS NOT NULL)`
  return [
    // What a refresh token means now; gone where the session that it leads to may not be opened.
    `CREATE FUNCTION ${fn('meaning')}(id$ text, hash$ text, at$ bigint, grace$ bigint) RETURNS text LANGUAGE plpgsql AS $fn$
    BEGIN
      RETURN coalesce((
        SELECT CASE
          WHEN p.${c.refreshHash} IS DISTINCT FROM hash$ OR p.${c.refreshExpiresAt} IS NULL OR p.${c.family} IS NULL THEN 'gone'
          WHEN at$ > p.${c.refreshExpiresAt} THEN 'gone'
          WHEN p.${c.refreshUsedAt} IS NULL THEN CASE WHEN ${opens('p', 'pw')} THEN 'spent' ELSE 'gone' END
          WHEN at$ <= p.${c.refreshUsedAt} + grace$ THEN
            CASE WHEN ${used} THEN 'late' WHEN ${opens('q', 'qw')} THEN 'grace' ELSE 'gone' END
          WHEN ${used} OR q.${c.confirmed} = 1 THEN 'reused'
          WHEN ${opens('q', 'qw')} THEN 'lost_response'
          ELSE 'gone'
        END
        FROM ${sessions} p LEFT JOIN ${f.watermark('p')} pw ON true
        LEFT JOIN ${sessions} q ON q.${c.id} = p.${c.refreshSuccessor} LEFT JOIN ${f.watermark('q')} qw ON true
        WHERE p.${c.id} = id$
      ), 'gone');
    END $fn$`,

    `CREATE FUNCTION ${fn('restore')}(
      id$ text, hash$ text, entry$ text, at$ bigint, grace$ bigint, most$ int, evicts$ boolean, notify$ boolean
    ) RETURNS TABLE (status$ text, told$ boolean, session$ ${sessions}) ${f.steady} AS $fn$
    DECLARE
      n$ ${sessions} := jsonb_populate_record(NULL::${sessions}, entry$::jsonb);
      p$ ${sessions};
      means$ text := ${fn('meaning')}(id$, hash$, at$, grace$);
      siblings$ text[] := '{}';
      excess$ int := 0;
      tops$ text[];
      ended$ text[] := '{}';
    BEGIN
      IF means$ IN ('spent', 'reused') THEN
        ${f.seesTheLatest}
        IF means$ = 'spent' THEN
          IF most$ IS NOT NULL THEN
            ${f.takeTurns('n$')}
            siblings$ := ${fn('siblings')}(n$, most$, id$);
            excess$ := greatest(0, cardinality(siblings$) + 1 - most$);
          END IF;
          tops$ := CASE WHEN excess$ > 0 AND evicts$ THEN id$ || siblings$ ELSE ARRAY[id$] END;
        ELSE
          tops$ := ARRAY(
            SELECT t.${c.id} FROM ${sessions} s JOIN ${sessions} t ON t.${c.family} = s.${c.family} WHERE s.${c.id} = id$
          );
        END IF;
        PERFORM ${fn('lock')}(tops$);
        means$ := ${fn('meaning')}(id$, hash$, at$, grace$);
      END IF;
      SELECT p.* INTO p$ FROM ${sessions} p WHERE p.${c.id} = id$;
      IF means$ IN ('gone', 'late') THEN
        RETURN QUERY SELECT means$, false, NULL::${sessions};
        RETURN;
      ELSIF means$ IN ('grace', 'lost_response') THEN
        RETURN QUERY SELECT means$, true, q FROM ${sessions} q WHERE q.${c.id} = p$.${c.refreshSuccessor};
        RETURN;
      ELSIF means$ = 'reused' THEN
        tops$ := ARRAY(
          SELECT s.${c.id} FROM ${sessions} s
          WHERE s.${c.family} = p$.${c.family} AND s.${c.realm} = p$.${c.realm} ORDER BY s.${c.id}
        );
        ended$ := ${fn('end')}(
          tops$, array_fill(at$, ARRAY[cardinality(tops$)]), array_fill('token_reuse'::text, ARRAY[cardinality(tops$)]),
          array_fill(NULL::text, ARRAY[cardinality(tops$)]), NULL, notify$
        );
        RETURN QUERY SELECT means$, true, s FROM ${sessions} s
          WHERE s.${c.id} IN (p$.${c.refreshSuccessor}, id$) ORDER BY s.${c.id} = id$ LIMIT 1;
      ELSE
        IF (n$.${c.realm}, n$.${c.subject}, n$.${c.family}) IS DISTINCT FROM (p$.${c.realm}, p$.${c.subject}, p$.${c.family}) THEN
          RETURN QUERY SELECT 'mismatch', true, p$;
          RETURN;
        END IF;
        IF EXISTS (SELECT 1 FROM ${sessions} s WHERE s.${c.id} = n$.${c.id}) THEN
          RETURN QUERY SELECT 'gone', false, NULL::${sessions};
          RETURN;
        END IF;
        siblings$ := ${fn('siblings')}(n$, most$, id$);
        excess$ := greatest(0, cardinality(siblings$) + 1 - most$);
        IF excess$ > 0 AND NOT evicts$ THEN
          RETURN QUERY SELECT 'refused', false, s FROM unnest(siblings$) WITH ORDINALITY u (id, n)
            JOIN ${sessions} s ON s.${c.id} = u.id ORDER BY u.n;
          RETURN;
        END IF;
        IF NOT ${fn('insert')}(n$) THEN
          RETURN QUERY SELECT 'gone', false, NULL::${sessions};
          RETURN;
        END IF;
        UPDATE ${sessions} s SET
            ${c.rememberedUntil} = NULL, ${c.refreshUsedAt} = at$, ${c.refreshSuccessor} = n$.${c.id},
            ${c.endedAt} = coalesce(s.${c.endedAt}, at$),
            ${c.endReason} = coalesce(s.${c.endReason}, 'remember_restored')
          WHERE s.${c.id} = id$;
        IF p$.${c.endedAt} IS NULL THEN
          ended$ := ARRAY[id$];
          INSERT INTO ${f.changes} (change)
            VALUES (json_build_object('kind', 'ended', 'id', id$, 'reason', 'remember_restored', 'at', at$)::text);
          IF notify$ THEN ${f.wake} END IF;
        END IF;
        PERFORM ${fn('move_below')}(id$, n$.${c.id});
        tops$ := siblings$[1:excess$];
        ended$ := ended$ || ${fn('end')}(
          tops$, array_fill(at$, ARRAY[cardinality(tops$)]), array_fill('evicted_by_limit'::text, ARRAY[cardinality(tops$)]),
          array_fill(NULL::text, ARRAY[cardinality(tops$)]), n$.${c.id}, notify$
        );
        IF cardinality(ended$) = 0 THEN RETURN QUERY SELECT means$, false, NULL::${sessions}; END IF;
      END IF;
      RETURN QUERY SELECT means$, false, s FROM unnest(ended$) WITH ORDINALITY u (id, n)
        JOIN ${sessions} s ON s.${c.id} = u.id ORDER BY u.n;
    END $fn$`,
  ]
}

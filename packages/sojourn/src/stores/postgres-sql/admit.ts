import { rowKeys } from './fragments.ts'
import type { Fragments } from './fragments.ts'

/** `admit.ts` in the database. */
export function admitFunctions(f: Fragments): readonly string[] {
  const { sessions, c, fn } = f
  const columns = rowKeys.map((key) => c[key])
  const values = rowKeys.map((key) =>
    // A session that a watermark covers from the first has no later moment at which a sweep would look at it.
    key === 'dueAt' ? `CASE WHEN ${f.isCovered('n$')} THEN 0 ELSE n$.${c.dueAt} END` : `n$.${c[key]}`,
  )
  return [
    // Whom a limit counts beside a session, in order of eviction.
    `CREATE FUNCTION ${fn('siblings')}(n$ ${sessions}, most$ int, without$ text) RETURNS text[] LANGUAGE plpgsql AS $fn$
    BEGIN
      IF most$ IS NULL OR NOT ${f.counts('n$', `n$.${c.lastSeenAt}`)} THEN RETURN '{}'; END IF;
      RETURN (
        SELECT coalesce(array_agg(s.${c.id} ORDER BY s.${c.lastSeenAt}, s.${c.createdAt}, s.${c.id}), '{}')
        FROM ${sessions} s
        WHERE s.${c.realm} = n$.${c.realm} AND s.${c.subject} = n$.${c.subject}
          AND s.${c.id} <> n$.${c.id} AND s.${c.id} IS DISTINCT FROM without$
          AND ${f.counts('s', `n$.${c.lastSeenAt}`)} AND NOT ${f.isCovered('s')}
      );
    END $fn$`,

    `CREATE FUNCTION ${fn('insert')}(n$ ${sessions}) RETURNS boolean LANGUAGE plpgsql AS $fn$
    BEGIN
      INSERT INTO ${sessions} (${columns.join(', ')}) VALUES (${values.join(', ')}) ON CONFLICT (${c.id}) DO NOTHING;
      RETURN FOUND;
    END $fn$`,

    // Not removed and inserted: a step that waits for the row must find it again.
    `CREATE FUNCTION ${fn('replace')}(n$ ${sessions}) RETURNS void LANGUAGE plpgsql AS $fn$
    BEGIN
      UPDATE ${sessions} s SET ${columns.map((column, index) => `${column} = ${values[index]}`).join(', ')}
        WHERE s.${c.id} = n$.${c.id};
      ${f.tellChanged(`(SELECT n$.${c.id}) t (id)`)};
    END $fn$`,

    `CREATE FUNCTION ${fn('move_below')}(from$ text, to$ text) RETURNS void LANGUAGE plpgsql AS $fn$
    BEGIN
      WITH moved AS (
        UPDATE ${sessions} s SET ${c.parent} = to$ WHERE s.${c.parent} = from$ AND s.${c.id} NOT IN (from$, to$)
        RETURNING s.${c.id} AS id, s.${c.endedAt} AS ended_at
      )
      ${f.tellChanged('moved t WHERE t.ended_at IS NULL')};
    END $fn$`,

    // Store.create, and Store.upgrade where there is a guest.
    `CREATE FUNCTION ${fn('admit')}(
      entry$ text, guest$ text, revision$ bigint, most$ int, evicts$ boolean, replaces$ text, reason$ text, notify$ boolean
    ) RETURNS TABLE (status$ text, session$ ${sessions}) ${f.steady} AS $fn$
    DECLARE
      n$ ${sessions} := jsonb_populate_record(NULL::${sessions}, entry$::jsonb);
      at$ bigint := n$.${c.lastSeenAt};
      inplace$ boolean := coalesce(guest$ = n$.${c.id}, false);
      standing$ text := NULL;
      siblings$ text[] := '{}';
      excess$ int := 0;
      tops$ text[] := '{}';
      reasons$ text[] := '{}';
    BEGIN
      IF guest$ IS NOT NULL AND NOT inplace$ THEN
        replaces$ := guest$;
        reason$ := 'upgraded';
      END IF;
      IF most$ IS NOT NULL THEN
        ${f.seesTheLatest}
        ${f.takeTurns('n$')}
        siblings$ := ${fn('siblings')}(n$, most$, replaces$);
        excess$ := greatest(0, cardinality(siblings$) + 1 - most$);
      END IF;
      tops$ := array_remove(ARRAY[coalesce(guest$, replaces$)], NULL) || CASE WHEN excess$ > 0 AND evicts$ THEN siblings$ END;
      IF cardinality(tops$) > 0 THEN
        PERFORM ${fn('lock')}(tops$);
        -- Somebody may have been seen, or have ended, until the rows were held.
        siblings$ := ${fn('siblings')}(n$, most$, replaces$);
        excess$ := greatest(0, cardinality(siblings$) + 1 - most$);
      END IF;
      IF guest$ IS NOT NULL THEN
        SELECT CASE
            WHEN NOT ${f.isLive('s', 'at$')} OR ${f.isCovered('s')} THEN 'gone'
            WHEN s.${c.subject} IS NOT NULL AND s.${c.activatedAt} IS NOT NULL THEN 'gone'
            WHEN s.${c.revision} <> revision$ THEN 'conflict'
            ELSE 'waits'
          END INTO standing$ FROM ${sessions} s WHERE s.${c.id} = guest$;
        IF standing$ IS DISTINCT FROM 'waits' THEN
          RETURN QUERY SELECT coalesce(standing$, 'gone'), NULL::${sessions};
          RETURN;
        END IF;
      END IF;
      IF excess$ > 0 AND NOT evicts$ THEN
        IF NOT inplace$ AND EXISTS (SELECT 1 FROM ${sessions} s WHERE s.${c.id} = n$.${c.id}) THEN
          RETURN QUERY SELECT 'duplicate', NULL::${sessions};
          RETURN;
        END IF;
        RETURN QUERY SELECT 'refused', s FROM unnest(siblings$) WITH ORDINALITY u (id, n)
          JOIN ${sessions} s ON s.${c.id} = u.id ORDER BY u.n;
        RETURN;
      END IF;
      IF inplace$ THEN
        PERFORM ${fn('replace')}(n$);
        IF notify$ THEN ${f.wake} END IF;
      ELSIF NOT ${fn('insert')}(n$) THEN
        RETURN QUERY SELECT 'duplicate', NULL::${sessions};
        RETURN;
      END IF;
      tops$ := siblings$[1:excess$];
      reasons$ := array_fill('evicted_by_limit'::text, ARRAY[cardinality(tops$)]);
      IF replaces$ IS NOT NULL THEN
        IF reason$ = 'upgraded' THEN PERFORM ${fn('move_below')}(replaces$, n$.${c.id}); END IF;
        tops$ := replaces$ || tops$;
        reasons$ := reason$ || reasons$;
      END IF;
      IF cardinality(tops$) > 0 THEN
        tops$ := ${fn('end')}(
          tops$, array_fill(at$, ARRAY[cardinality(tops$)]), reasons$,
          array_fill(NULL::text, ARRAY[cardinality(tops$)]), n$.${c.id}, notify$
        );
      END IF;
      IF cardinality(tops$) = 0 THEN RETURN QUERY SELECT 'created', NULL::${sessions}; END IF;
      RETURN QUERY SELECT 'created', s FROM unnest(tops$) WITH ORDINALITY u (id, n)
        JOIN ${sessions} s ON s.${c.id} = u.id ORDER BY u.n;
    END $fn$`,
  ]
}

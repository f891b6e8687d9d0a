import type { Fragments } from './fragments.ts'

/** The verbs on one session, and `touch`. */
export function writeFunctions(f: Fragments): readonly string[] {
  const { sessions, c, fn } = f
  const isSound = `jsonb_typeof(s.${c.roles}) = 'array' AND NOT s.${c.roles} @? '$[*] ? (@.type() != "string")'
      AND jsonb_typeof(s.${c.amr}) = 'array' AND NOT s.${c.amr} @? '$[*] ? (@.type() != "string")'
      AND jsonb_typeof(s.${c.factors}) = 'array'
      AND NOT s.${c.factors} @? '$[*] ? (@.type() != "object" || !(@.amr.type() == "string") || !(@.at.type() == "number"))'
      AND jsonb_typeof(s.${c.data}) = 'object' AND NOT s.${c.data} @? '$.* ? (@.type() != "string")'`
  /** How the session stands, its row held. */
  const standing = `SELECT CASE
          WHEN NOT ${f.isLive('s', 'at$')} OR ${f.isCovered('s')} THEN 'gone'
          WHEN NOT (${isSound}) THEN 'damaged'
          ELSE 'live' END`
  return [
    `CREATE FUNCTION ${fn('regenerate')}(
      id$ text, from$ text, to$ text, at$ bigint, elevation$ text, notify$ boolean
    ) RETURNS TABLE (status$ text, data$ text) ${f.steady} AS $fn$
    DECLARE
      hash$ text;
      e$ ${sessions};
    BEGIN
      ${standing}, s.${c.secretHash}, s.${c.data}::text INTO status$, hash$, data$
        FROM ${sessions} s WHERE s.${c.id} = id$ FOR NO KEY UPDATE;
      status$ := CASE WHEN status$ = 'live' AND hash$ <> from$ THEN 'lost' ELSE coalesce(status$, 'gone') END;
      IF status$ = 'live' THEN
        UPDATE ${sessions} s SET ${c.previousHash} = s.${c.secretHash}, ${c.secretHash} = to$, ${c.regeneratedAt} = at$, ${c.confirmed} = 0
          WHERE s.${c.id} = id$;
        IF elevation$ IS NOT NULL THEN
          e$ := jsonb_populate_record(NULL::${sessions}, elevation$::jsonb);
          UPDATE ${sessions} s SET ${c.assurance} = e$.${c.assurance}, ${c.amr} = e$.${c.amr}, ${c.authenticatedAt} = e$.${c.authenticatedAt},
              ${c.factors} = e$.${c.factors}, ${c.restored} = e$.${c.restored}, ${c.expiresAt} = e$.${c.expiresAt},
              ${c.dueAt} = least(${f.idleDeadline('s')}, e$.${c.expiresAt})
            WHERE s.${c.id} = id$;
        END IF;
        ${f.tellChanged('(SELECT id$) t (id)')};
        IF notify$ THEN ${f.wake} END IF;
        status$ := 'regenerated';
      END IF;
      RETURN NEXT;
    END $fn$`,

    // Data is a JSON object whose keys are escaped as in JSON, and whose values are JSON as text: so it holds every key and value
    // of JSON, which jsonb alone does not, and each key can be changed by itself.
    `CREATE FUNCTION ${fn('write')}(
      id$ text, at$ bigint, revision$ bigint, set$ text, delete$ text, add$ text, append$ text, notify$ boolean
    ) RETURNS TABLE (status$ text, now$ bigint, data$ text, key$ text) ${f.steady} SET extra_float_digits = 1 AS $fn$
    DECLARE
      d$ jsonb;
      e$ jsonb;
      value$ text;
    BEGIN
      ${standing}, s.${c.revision}, s.${c.data} INTO status$, now$, d$ FROM ${sessions} s WHERE s.${c.id} = id$ FOR NO KEY UPDATE;
      status$ := coalesce(status$, 'gone');
      IF status$ = 'live' AND revision$ <> now$ THEN status$ := 'conflict'; END IF;
      IF status$ <> 'live' THEN RETURN NEXT; RETURN; END IF;
      d$ := (d$ || set$::jsonb) - ARRAY(SELECT jsonb_array_elements_text(delete$::jsonb));
      FOR e$ IN SELECT jsonb_array_elements(add$::jsonb) LOOP
        key$ := e$ ->> 0;
        value$ := coalesce(d$ ->> key$, '0');
        IF value$ !~ '^[-0-9]' THEN
          status$ := 'not_a_number';
          data$ := value$;
          RETURN NEXT;
          RETURN;
        END IF;
        d$ := d$ || jsonb_build_object(key$, (value$::float8 + (e$ ->> 1)::float8)::text);
      END LOOP;
      FOR e$ IN SELECT jsonb_array_elements(append$::jsonb) LOOP
        key$ := e$ ->> 0;
        value$ := coalesce(d$ ->> key$, '[]');
        IF value$ !~ '^\\[' THEN
          status$ := 'not_a_list';
          RETURN NEXT;
          RETURN;
        END IF;
        SELECT '[' || coalesce(string_agg(l.item, ',' ORDER BY l.n), '') || ']' INTO value$ FROM (
          SELECT i.item, i.n FROM (
            SELECT o.value::text AS item, o.n FROM json_array_elements(value$::json) WITH ORDINALITY o (value, n)
            UNION ALL
            SELECT a.value, a.n + 1e9 FROM jsonb_array_elements_text(e$ -> 1) WITH ORDINALITY a (value, n)
          ) i ORDER BY i.n DESC LIMIT (e$ ->> 2)::bigint
        ) l;
        d$ := d$ || jsonb_build_object(key$, value$);
      END LOOP;
      UPDATE ${sessions} s SET ${c.data} = d$, ${c.revision} = s.${c.revision} + 1 WHERE s.${c.id} = id$;
      ${f.tellChanged('(SELECT id$) t (id)')};
      IF notify$ THEN ${f.wake} END IF;
      status$ := 'written';
      now$ := now$ + 1;
      data$ := d$::text;
      RETURN NEXT;
    END $fn$`,

    // A session that is named twice is touched in as many rounds.
    `CREATE FUNCTION ${fn('touch')}(entries$ text, rounds$ int, notify$ boolean) RETURNS void ${f.steady} AS $fn$
    DECLARE
      told$ boolean := false;
    BEGIN
      FOR round$ IN 1 .. rounds$ LOOP
        WITH held AS (
          SELECT s.${c.id} AS id, e.at, e.lag, s.${c.lastSeenAt} AS seen, s.${c.lag} AS lagged, s.${c.secretHash} AS hash,
            CASE WHEN s.${c.secretHash} = e.old THEN e.new ELSE s.${c.secretHash} END AS next,
            CASE WHEN s.${c.secretHash} = e.confirm THEN 1 ELSE s.${c.confirmed} END AS confirmed, s.${c.confirmed} AS was
          FROM jsonb_to_recordset(entries$::jsonb) e (id text, at bigint, lag bigint, confirm text, old text, new text, round int)
          JOIN ${sessions} s ON s.${c.id} = e.id
          WHERE e.round = round$ AND ${f.isLive('s', 'e.at')} AND NOT ${f.isCovered('s')}
          ORDER BY s.${c.id} FOR NO KEY UPDATE OF s
        ), touched AS (
          UPDATE ${sessions} s SET
            ${c.lag} = CASE WHEN h.at > h.seen THEN h.lag WHEN h.at = h.seen THEN least(h.lag, h.lagged) ELSE h.lagged END,
            ${c.lastSeenAt} = greatest(h.seen, h.at), ${c.confirmed} = h.confirmed, ${c.secretHash} = h.next
          FROM held h
          WHERE s.${c.id} = h.id
            AND (h.at > h.seen OR h.at = h.seen AND h.lag < h.lagged OR h.confirmed <> h.was OR h.next <> h.hash)
          RETURNING h.id, h.confirmed <> h.was OR h.next <> h.hash AS differs
        )
        ${f.tellChanged('touched t WHERE t.differs')};
        told$ := told$ OR FOUND;
      END LOOP;
      IF told$ AND notify$ THEN ${f.wake} END IF;
    END $fn$`,
  ]
}

import type { Fragments } from './fragments.ts'

/**
 * `endTrees` in the database. All functions that lock several rows lock them first, together with what stands below them, in the
 * order of their ids: so none waits for another that waits for it.
 */
export function endFunctions(f: Fragments): readonly string[] {
  const { sessions, changes, c, fn } = f
  return [
    `CREATE FUNCTION ${fn('lock')}(ids$ text[]) RETURNS void LANGUAGE plpgsql AS $fn$
    DECLARE
      tree$ text[];
    BEGIN
      ${f.seesTheLatest}
      WITH RECURSIVE tree (id) AS (
        SELECT t.id COLLATE "C" FROM unnest(ids$) t (id)
        UNION
        SELECT s.${c.id} FROM tree t JOIN ${sessions} s ON s.${c.parent} = t.id
      )
      SELECT array_agg(t.id) INTO tree$ FROM tree t;
      PERFORM 1 FROM ${sessions} s WHERE s.${c.id} = ANY (tree$) ORDER BY s.${c.id} FOR NO KEY UPDATE;
    END $fn$`,

    // Ends sessions whose rows are locked, each by its own end, then all below them; returns the ids of those that it ended.
    `CREATE FUNCTION ${fn('end')}(
      ids$ text[], ats$ bigint[], reasons$ text[], bys$ text[], spared$ text, notify$ boolean
    ) RETURNS text[] LANGUAGE plpgsql AS $fn$
    DECLARE
      asked$ text[];
      now$ text[];
      ended$ text[] := '{}';
      reached$ text[];
      top$ boolean := true;
    BEGIN
      SELECT array_agg(t.id ORDER BY t.n), array_agg(t.at ORDER BY t.n), array_agg(t.reason ORDER BY t.n), array_agg(t.by ORDER BY t.n)
        INTO ids$, ats$, reasons$, bys$
        FROM unnest(ids$, ats$, reasons$, bys$) WITH ORDINALITY t (id, at, reason, by, n)
        JOIN ${sessions} s ON s.${c.id} = t.id
        WHERE s.${c.endedAt} IS NULL OR s.${c.rememberedUntil} IS NOT NULL AND t.reason <> 'idle_timeout';
      asked$ := reasons$;
      reached$ := CASE WHEN spared$ IS NULL THEN ids$ ELSE ids$ || spared$ END;
      WHILE ids$ IS NOT NULL LOOP
        WITH judged AS (
          SELECT t.n, t.id, t.at, t.reason, t.by, t.asked, s.${c.endedAt} AS was,
            ${f.overAt('s', 't.at')} AS over_at, ${f.overReason('s', 't.at')} AS over_reason
          FROM unnest(ids$, ats$, reasons$, bys$, asked$) WITH ORDINALITY t (id, at, reason, by, asked, n)
          JOIN ${sessions} s ON s.${c.id} = t.id
          LEFT JOIN ${f.watermark('s')} w ON top$ OR w.at <= t.at
          WHERE s.${c.endedAt} IS NULL OR s.${c.rememberedUntil} IS NOT NULL AND t.asked <> 'idle_timeout'
        ), kept AS (
          SELECT j.*, j.asked = 'idle_timeout' AND coalesce(j.over_reason, j.reason) = 'idle_timeout' AS keeps FROM judged j
        ), closed AS (
          UPDATE ${sessions} s SET
            ${c.endedAt} = coalesce(j.was, j.over_at, j.at),
            ${c.endReason} = CASE WHEN j.was IS NULL THEN coalesce(j.over_reason, j.reason) ELSE s.${c.endReason} END,
            ${c.endedBy} = CASE WHEN j.was IS NOT NULL THEN s.${c.endedBy} WHEN j.over_at IS NULL THEN j.by END,
            ${c.rememberedUntil} = CASE WHEN j.keeps THEN s.${c.rememberedUntil} END,
            ${c.refreshHash} = CASE WHEN j.keeps AND s.${c.rememberedUntil} IS NOT NULL THEN s.${c.refreshHash} END,
            ${c.refreshExpiresAt} = CASE WHEN j.keeps AND s.${c.rememberedUntil} IS NOT NULL THEN s.${c.refreshExpiresAt} END
          FROM kept j WHERE s.${c.id} = j.id AND s.${c.endedAt} IS NOT DISTINCT FROM j.was
          RETURNING j.n, j.id, j.asked, j.was IS NULL AS ends,
            CASE WHEN j.was IS NULL THEN s.${c.endedAt} ELSE j.at END AS at,
            CASE WHEN j.was IS NULL THEN s.${c.endReason} ELSE j.reason END AS reason,
            CASE WHEN j.was IS NULL THEN s.${c.endedBy} ELSE j.by END AS by
        )
        SELECT array_agg(k.id ORDER BY k.n) FILTER (WHERE k.ends),
            -- What stands below a session goes on with the end that its top came to.
            CASE WHEN top$ THEN array_agg(k.id ORDER BY k.n) ELSE ids$ END,
            CASE WHEN top$ THEN array_agg(k.at ORDER BY k.n) ELSE ats$ END,
            CASE WHEN top$ THEN array_agg(k.reason ORDER BY k.n) ELSE reasons$ END,
            CASE WHEN top$ THEN array_agg(k.by ORDER BY k.n) ELSE bys$ END,
            CASE WHEN top$ THEN array_agg(k.asked ORDER BY k.n) ELSE asked$ END
          INTO now$, ids$, ats$, reasons$, bys$, asked$
          FROM closed k;
        ended$ := ended$ || now$;
        top$ := false;
        SELECT array_agg(s.${c.id} ORDER BY s.${c.id}), array_agg(t.at ORDER BY s.${c.id}), array_agg(t.reason ORDER BY s.${c.id}),
            array_agg(t.by ORDER BY s.${c.id}), array_agg(t.asked ORDER BY s.${c.id})
          INTO ids$, ats$, reasons$, bys$, asked$
          FROM unnest(ids$, ats$, reasons$, bys$, asked$) t (id, at, reason, by, asked)
          JOIN ${sessions} s ON s.${c.parent} = t.id
          WHERE s.${c.id} <> ALL (reached$);
        reached$ := reached$ || ids$;
      END LOOP;
      IF cardinality(ended$) > 0 THEN
        INSERT INTO ${changes} (change)
          SELECT json_build_object('kind', 'ended', 'id', u.id, 'reason', s.${c.endReason}, 'at', s.${c.endedAt})::text
          FROM unnest(ended$) WITH ORDINALITY u (id, n) JOIN ${sessions} s ON s.${c.id} = u.id ORDER BY u.n;
        IF notify$ THEN ${f.wake} END IF;
      END IF;
      RETURN ended$;
    END $fn$`,

    // Store.end. The ids were found without a lock, so the filter is asked again.
    `CREATE FUNCTION ${fn('end_these')}(
      ids$ text[], filter$ text, at$ bigint, reason$ text, by$ text, notify$ boolean
    ) RETURNS SETOF ${sessions} ${f.steady} AS $fn$
    DECLARE
      which$ jsonb := filter$::jsonb;
      these$ text[];
    BEGIN
      IF cardinality(ids$) = 0 THEN RETURN; END IF;
      PERFORM ${fn('lock')}(ids$);
      SELECT array_agg(s.${c.id}) INTO these$ FROM ${sessions} s
        WHERE s.${c.id} = ANY (ids$) AND (s.${c.endedAt} IS NULL OR s.${c.rememberedUntil} IS NOT NULL)
          AND s.${c.realm} = which$ ->> 'realm'
          AND (NOT which$ ? 'subject' OR s.${c.subject} IS NOT DISTINCT FROM which$ ->> 'subject')
          AND s.${c.app} IS NOT DISTINCT FROM coalesce(which$ ->> 'app', s.${c.app})
          AND s.${c.method} IS NOT DISTINCT FROM coalesce(which$ ->> 'method', s.${c.method})
          AND s.${c.family} IS NOT DISTINCT FROM coalesce(which$ ->> 'family', s.${c.family})
          AND s.${c.parent} IS NOT DISTINCT FROM coalesce(which$ ->> 'parent', s.${c.parent})
          AND s.${c.actor} IS NOT DISTINCT FROM coalesce(which$ ->> 'actor', s.${c.actor})
          AND s.${c.ip} IS NOT DISTINCT FROM coalesce(which$ ->> 'ip', s.${c.ip})
          AND coalesce(s.${c.lastSeenAt} + s.${c.lag} <= (which$ ->> 'unseenSince')::bigint, true);
      IF these$ IS NULL THEN RETURN; END IF;
      -- Not within the query that returns them: it would not see what became of them.
      these$ := ${fn('end')}(
        these$,
        array_fill(at$, ARRAY[cardinality(these$)]),
        array_fill(reason$, ARRAY[cardinality(these$)]),
        array_fill(by$, ARRAY[cardinality(these$)]),
        NULL, notify$
      );
      RETURN QUERY SELECT s.* FROM unnest(these$) WITH ORDINALITY u (id, n) JOIN ${sessions} s ON s.${c.id} = u.id ORDER BY u.n;
    END $fn$`,
  ]
}

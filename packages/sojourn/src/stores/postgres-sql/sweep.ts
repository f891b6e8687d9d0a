import { feedKept, feedMost } from '../feed.ts'
import type { Fragments } from './fragments.ts'

/** `sweep.ts` in the database. */
export function sweepFunctions(f: Fragments): readonly string[] {
  const { sessions, watermarks, changes, c, fn } = f
  const isUnder = `s.${c.realm} = w$.realm AND s.${c.createdAt} <= w$.at
    AND (w$.method IS NULL OR s.${c.method} = w$.method) AND (w$.policy IS NULL OR s.${c.policy} = w$.policy)`
  /** The next of a realm, or of one subject in it, that nobody holds, each by its own index. */
  const some = (are: string, order: string, done: string): string => {
    const of = (subject: string, by: string): string => `these$ := ARRAY(
            SELECT s.${c.id} FROM ${sessions} s WHERE s.${c.realm} = each$ AND ${subject} ${are}
            ${by} LIMIT limit$ - ${done} FOR UPDATE SKIP LOCKED
          );`
    return `IF subject$ IS NULL THEN
          ${of('', `ORDER BY ${order}`)}
        ELSE
          ${of(`s.${c.subject} = subject$ AND`, '')}
        END IF;`
  }
  /** Of one subject or of all, each by its own index. */
  const eachWay = (statement: (subject: string) => string): string => `IF w$.subject IS NULL THEN
        ${statement('')};
      ELSE
        ${statement(`s.${c.subject} = w$.subject AND`)};
      END IF;`
  return [
    // Ends those of some sessions that are over, what was over first first, and what stands below them; returns what it ended as
    // it ended: the same sweep may take more from it.
    `CREATE FUNCTION ${fn('mark')}(ids$ text[], now$ bigint, most$ int, notify$ boolean)
    RETURNS SETOF ${sessions} LANGUAGE plpgsql AS $fn$
    DECLARE
      alone$ boolean[];
      now_ended$ text[];
      reasons$ text[];
      ended$ text[];
    BEGIN
      SELECT array_agg(o.id ORDER BY o.over_at, o.id), array_agg(o.reason ORDER BY o.over_at, o.id),
          array_agg(o.alone ORDER BY o.over_at, o.id)
        INTO ids$, reasons$, alone$
        FROM (
          SELECT s.${c.id} AS id, ${f.overAt('s', 'now$')} AS over_at, ${f.overReason('s', 'now$')} AS reason,
            s.${c.parent} IS NULL AND NOT EXISTS (SELECT 1 FROM ${sessions} b WHERE b.${c.parent} = s.${c.id}) AS alone
          FROM ${sessions} s LEFT JOIN ${f.watermark('s')} w ON true
          WHERE s.${c.id} = ANY (ids$) AND s.${c.endedAt} IS NULL AND ${f.overAt('s', 'now$')} IS NOT NULL
          ORDER BY 2, 1 LIMIT most$
        ) o;
      IF ids$ IS NULL THEN RETURN; END IF;
      -- Those without kin do not touch each other: they end together.
      SELECT ${fn('end')}(array_agg(t.id), array_agg(now$), array_agg(t.reason), array_agg(NULL::text), NULL, notify$) INTO ended$
        FROM unnest(ids$, reasons$, alone$) t (id, reason, alone) WHERE t.alone;
      ended$ := coalesce(ended$, '{}');
      RETURN QUERY SELECT s.* FROM unnest(ended$) u (id) JOIN ${sessions} s ON s.${c.id} = u.id;
      FOR i$ IN 1 .. cardinality(ids$) LOOP
        CONTINUE WHEN alone$[i$] OR ids$[i$] = ANY (ended$);
        now_ended$ := ${fn('end')}(ARRAY[ids$[i$]], ARRAY[now$], ARRAY[reasons$[i$]], ARRAY[NULL::text], NULL, notify$);
        RETURN QUERY SELECT s.* FROM unnest(now_ended$) u (id) JOIN ${sessions} s ON s.${c.id} = u.id;
        ended$ := ended$ || now_ended$;
      END LOOP;
    END $fn$`,

    `CREATE FUNCTION ${fn('prune')}(now$ bigint) RETURNS void LANGUAGE plpgsql AS $fn$
    DECLARE
      last$ bigint := (SELECT t.seq FROM ${changes} t ORDER BY t.seq DESC LIMIT 1);
      cut$ bigint;
    BEGIN
      INSERT INTO ${changes} (at) SELECT now$ FROM ${changes} t WHERE t.seq = last$ AND t.change IS NOT NULL;
      cut$ := greatest(
        last$ - ${feedMost},
        (SELECT t.seq FROM ${changes} t WHERE t.at <= now$ - ${feedKept} ORDER BY t.at DESC LIMIT 1)
      );
      -- A bounded batch, as all that a sweep does.
      cut$ := least(cut$, (SELECT t.seq FROM ${changes} t WHERE t.seq > 0 ORDER BY t.seq LIMIT 1) + ${feedMost});
      WITH pruned AS (
        DELETE FROM ${changes} t WHERE t.seq > 0 AND t.seq <= cut$ AND t.seq < last$ RETURNING t.txid
      ), latest AS (SELECT p.txid FROM pruned p ORDER BY p.txid DESC LIMIT 1)
      UPDATE ${changes} t SET txid = least(greatest(t.txid, l.txid), pg_current_xact_id()) FROM latest l WHERE t.seq = 0;
    END $fn$`,

    // Store.sweep: of a realm, of one subject in it, or of all.
    `CREATE FUNCTION ${fn('sweep')}(
      now$ bigint, limit$ int, purge$ bigint, minimise$ bigint, realm$ text, subject$ text, notify$ boolean
    ) RETURNS TABLE (purged$ int, minimised$ int, more$ boolean, session$ ${sessions}) ${f.steady} AS $fn$
    DECLARE
      realms$ text[] := ARRAY[realm$];
      each$ text;
      due$ text[] := '{}';
      these$ text[];
      ended$ int;
      forgot$ int := 0;
      left$ int;
      w$ ${watermarks};
      last$ bigint;
    BEGIN
      purged$ := 0;
      minimised$ := 0;
      IF subject$ IS NULL THEN
        -- One after the other, for they look at the same sessions first.
        ${f.seesTheLatest}
        PERFORM pg_advisory_xact_lock(hashtextextended('sweep ${sessions}', 0));
      END IF;
      IF realm$ IS NULL THEN
        -- Each realm by one step in the index.
        WITH RECURSIVE r (realm) AS (
          (SELECT s.${c.realm} FROM ${sessions} s ORDER BY s.${c.realm} LIMIT 1)
          UNION ALL
          SELECT (SELECT s.${c.realm} FROM ${sessions} s WHERE s.${c.realm} > r.realm ORDER BY s.${c.realm} LIMIT 1)
          FROM r WHERE r.realm IS NOT NULL
        )
        SELECT coalesce(array_agg(r.realm) FILTER (WHERE r.realm IS NOT NULL), '{}') INTO realms$ FROM r;
      END IF;

      -- What is waited for comes first, in the order in which everybody waits.
      FOREACH each$ IN ARRAY realms$ LOOP
        IF subject$ IS NULL THEN
          due$ := due$ || ARRAY(
            SELECT s.${c.id} FROM ${sessions} s
            WHERE s.${c.realm} = each$ AND s.${c.endedAt} IS NULL AND s.${c.dueAt} < now$
            ORDER BY s.${c.dueAt} LIMIT limit$ - cardinality(due$)
          );
        ELSE
          due$ := ARRAY(
            SELECT s.${c.id} FROM ${sessions} s
            WHERE s.${c.realm} = each$ AND s.${c.subject} = subject$ AND s.${c.endedAt} IS NULL
          );
        END IF;
      END LOOP;
      IF cardinality(due$) > 0 THEN PERFORM ${fn('lock')}(due$); END IF;

      -- What somebody else holds is left to the next sweep.
      FOREACH each$ IN ARRAY realms$ LOOP
        ${some(`s.${c.endedAt} IS NOT NULL AND s.${c.rememberedUntil} < now$`, `s.${c.rememberedUntil}`, 'forgot$')}
        UPDATE ${sessions} s SET ${f.noRefresh} WHERE s.${c.id} = ANY (these$);
        forgot$ := forgot$ + cardinality(these$);
      END LOOP;
      FOREACH each$ IN ARRAY realms$ LOOP
        ${some('s.over_since < purge$', 's.over_since', 'purged$')}
        DELETE FROM ${sessions} s WHERE s.${c.id} = ANY (these$);
        purged$ := purged$ + cardinality(these$);
      END LOOP;
      FOREACH each$ IN ARRAY realms$ LOOP
        ${some('s.detailed_since < minimise$', 's.detailed_since', 'minimised$')}
        UPDATE ${sessions} s SET ${c.ip} = NULL, ${c.userAgent} = NULL, ${c.fingerprint} = NULL, ${c.data} = '{}'
          WHERE s.${c.id} = ANY (these$);
        minimised$ := minimised$ + cardinality(these$);
      END LOOP;
      more$ := limit$ IN (forgot$, purged$, minimised$);

      IF subject$ IS NOT NULL THEN
        RETURN QUERY SELECT 0, 0, false, s FROM ${fn('mark')}(due$, now$, limit$, notify$) s;
        GET DIAGNOSTICS ended$ = ROW_COUNT;
        more$ := more$ OR ended$ >= limit$;
      ELSE
        RETURN QUERY SELECT 0, 0, false, s FROM ${fn('mark')}(due$, now$, NULL, notify$) s;
        UPDATE ${sessions} s SET ${c.dueAt} = ${f.deadline('s')} WHERE s.${c.id} = ANY (due$) AND s.${c.endedAt} IS NULL;
        left$ := limit$ - cardinality(due$);
        WHILE left$ > 0 LOOP
          SELECT v.* INTO w$ FROM ${watermarks} v WHERE v.swept = 0 AND (realm$ IS NULL OR v.realm = realm$)
            ORDER BY v.at LIMIT 1 FOR NO KEY UPDATE;
          EXIT WHEN NOT FOUND;
          ${eachWay(
            (subject) => `these$ := ARRAY(
            SELECT s.${c.id} FROM ${sessions} s WHERE s.${c.realm} = w$.realm AND ${subject} s.${c.endedAt} IS NULL
              AND s.${c.createdAt} <= coalesce(w$.swept_created_at, w$.at)
              AND (s.${c.createdAt} < coalesce(w$.swept_created_at, w$.at) OR s.${c.id} > coalesce(w$.swept_id, ''))
            ORDER BY s.${c.createdAt} DESC, s.${c.id} LIMIT left$
          )`,
          )}
          last$ := (SELECT s.${c.createdAt} FROM ${sessions} s WHERE s.${c.id} = these$[left$]);
          IF cardinality(these$) > 0 THEN
            PERFORM ${fn('lock')}(these$);
            RETURN QUERY SELECT 0, 0, false, s FROM ${fn('mark')}(these$, now$, NULL, notify$) s;
          END IF;
          UPDATE ${watermarks} v SET swept = CASE WHEN last$ IS NULL THEN 1 ELSE 0 END, swept_created_at = last$,
            swept_id = CASE WHEN last$ IS NOT NULL THEN these$[left$] END WHERE v.scope = w$.scope;
          left$ := left$ - greatest(1, cardinality(these$));
        END LOOP;
        IF left$ > 0 THEN
          forgot$ := 0;
          FOR w$ IN
            SELECT v.* FROM ${watermarks} v WHERE v.swept = 1 AND v.at < purge$ AND (realm$ IS NULL OR v.realm = realm$)
            LIMIT left$ FOR NO KEY UPDATE
          LOOP
            ${eachWay(
              (subject) => `these$ := ARRAY(
              SELECT s.${c.id} FROM ${sessions} s WHERE ${subject} ${isUnder}
                AND s.${c.endedAt} IS NOT NULL AND s.${c.rememberedUntil} IS NOT NULL LIMIT left$ - forgot$
            )`,
            )}
            UPDATE ${sessions} s SET ${f.noRefresh} WHERE s.${c.id} = ANY (these$);
            forgot$ := forgot$ + cardinality(these$);
            EXIT WHEN forgot$ >= left$;
            -- A session that was on its way in when the sweep came by would come back to life.
            ${eachWay(
              (subject) => `these$ := ARRAY(
              SELECT s.${c.id} FROM ${sessions} s WHERE ${subject} ${isUnder} AND s.${c.endedAt} IS NULL LIMIT 1
            )`,
            )}
            IF cardinality(these$) = 0 THEN DELETE FROM ${watermarks} v WHERE v.scope = w$.scope;
            ELSE UPDATE ${watermarks} v SET swept = 0, swept_created_at = NULL, swept_id = NULL WHERE v.scope = w$.scope;
            END IF;
          END LOOP;
          left$ := left$ - forgot$;
        END IF;
        more$ := more$ OR left$ <= 0;
        PERFORM ${fn('prune')}(now$);
      END IF;
      RETURN QUERY SELECT purged$, minimised$, more$, NULL::${sessions};
    END $fn$`,
  ]
}

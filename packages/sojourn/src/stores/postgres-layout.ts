import { functionsOf } from './postgres-sql/index.ts'
import type { PgNames } from './postgres-names.ts'

/** A step that leads from one layout to the next. */
export interface LayoutStep {
  /**
   * Its statements run one by one, outside of a transaction, as `CREATE INDEX CONCURRENTLY` wants it, and again where they
   * were cut short. Otherwise they are one transaction.
   */
  readonly online?: boolean
  /** Nodes that know only earlier layouts cannot go on beside it. */
  readonly breaks?: boolean
  readonly statements: (names: PgNames) => readonly string[]
}

/**
 * The layout, as the steps that lead to it. A released step never changes: a new layout is a new step at the end, and a
 * function that changes gets a new name.
 *
 * One row a session. No index mentions what a touch or a write changes, so that neither writes to any (a heap-only update):
 * `detailed_since` depends on `data`, but only once a session is over. What has ended is in one of two indexes: `restorable`
 * while its refresh token can be spent, then `over`. What a sweep goes by begins with the realm, for realms that share the
 * tables differ in what they keep.
 * `due_at` is a moment no later than the deadline: a sweep that finds it past looks at the row, and ends the session or moves
 * `due_at` to the true deadline. NULL: it has none.
 * Text is compared by its bytes (COLLATE "C"), so that lists have the same order in every database.
 */
export const layout: readonly LayoutStep[] = [
  { statements: (names) => [...tables(names), ...indexes(names), ...functionsOf(names)] },
]

function tables({ sessions, watermarks, leases, changes, c }: PgNames): readonly string[] {
  const text = 'text COLLATE "C"'
  const isOver = `${c.endedAt} IS NOT NULL AND ${c.rememberedUntil} IS NULL`
  const since = `greatest(${c.endedAt}, ${c.refreshUsedAt})`
  const hasDetails = `(${c.ip} IS NOT NULL OR ${c.userAgent} IS NOT NULL OR ${c.fingerprint} IS NOT NULL OR ${c.data} <> '{}')`
  return [
    `CREATE TABLE ${sessions} (
      ${c.id}               ${text} NOT NULL PRIMARY KEY,
      ${c.realm}            ${text} NOT NULL,
      ${c.app}              ${text},
      ${c.subject}          ${text},
      ${c.roles}            jsonb NOT NULL,
      ${c.method}           ${text},
      ${c.amr}              jsonb NOT NULL,
      ${c.assurance}        smallint NOT NULL,
      ${c.authenticatedAt}  bigint,
      ${c.factors}          jsonb NOT NULL,
      ${c.restored}         smallint NOT NULL,
      ${c.createdAt}        bigint NOT NULL,
      ${c.activatedAt}      bigint,
      ${c.lastSeenAt}       bigint NOT NULL,
      ${c.lag}              bigint NOT NULL,
      ${c.idleTimeout}      bigint,
      ${c.expiresAt}        bigint,
      ${c.regeneratedAt}    bigint NOT NULL,
      ${c.policy}           ${text} NOT NULL,
      ${c.fingerprint}      ${text},
      ${c.ip}               ${text},
      ${c.userAgent}        ${text},
      ${c.family}           ${text},
      ${c.rememberedUntil}  bigint,
      ${c.parent}           ${text},
      ${c.actor}            ${text},
      ${c.revision}         bigint NOT NULL,
      ${c.endedAt}          bigint,
      ${c.endReason}        ${text},
      ${c.endedBy}          ${text},
      ${c.secretHash}       ${text} NOT NULL,
      ${c.previousHash}     ${text},
      ${c.confirmed}        smallint NOT NULL,
      ${c.data}             jsonb NOT NULL,            -- {"key escaped as in JSON": "its value, as the text of JSON"}
      ${c.refreshHash}      ${text},
      ${c.refreshExpiresAt} bigint,
      ${c.refreshUsedAt}    bigint,
      ${c.refreshSuccessor} ${text},
      ${c.dueAt}            bigint,
      over_since            bigint GENERATED ALWAYS AS (CASE WHEN ${isOver} THEN ${since} END) STORED,
      detailed_since        bigint GENERATED ALWAYS AS (CASE WHEN ${isOver} AND ${hasDetails} THEN ${since} END) STORED
    ) WITH (fillfactor = 80)`,
    // Of watermarks one row a scope: the highest that was set for it. NULL in `subject`, `method` or `policy`: any. A sweep goes
    // through the live sessions that it covers, from the newest, and notes here how far it came.
    `CREATE TABLE ${watermarks} (
      scope             ${text} NOT NULL PRIMARY KEY,  -- JSON of the four that follow
      realm             ${text} NOT NULL,
      subject           ${text},
      method            ${text},
      policy            ${text},
      at                bigint NOT NULL,
      reason            ${text} NOT NULL,
      swept             smallint NOT NULL,             -- 1: all that it covers is marked
      swept_created_at  bigint,                        -- the last session that a sweep looked at
      swept_id          ${text}
    )`,
    `CREATE TABLE ${leases} (
      job     ${text} NOT NULL PRIMARY KEY,
      holder  ${text} NOT NULL,
      until   bigint NOT NULL                          -- valid at it, free one millisecond later
    )`,
    // The feed: a row for each change, by the transaction that made it, and some that note when a sweep came by. Row 0 names this
    // feed, and the latest transaction whose changes are no longer kept.
    `CREATE TABLE ${changes} (
      seq     bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
      txid    xid8 NOT NULL DEFAULT pg_current_xact_id(),
      at      bigint,                                  -- when a sweep came by
      change  text                                     -- or JSON of a Change
    )`,
    `INSERT INTO ${changes} (seq, change) VALUES (0, left(replace(gen_random_uuid()::text, '-', ''), 12))`,
  ]
}

function indexes({ sessions, watermarks, changes, c, index }: PgNames): readonly string[] {
  const order = `${c.createdAt} DESC, ${c.id}`
  return [
    `CREATE INDEX ${index('by_creation')} ON ${sessions} (${c.realm}, ${order})`,
    `CREATE INDEX ${index('by_subject')} ON ${sessions} (${c.realm}, ${c.subject}, ${order}) WHERE ${c.subject} IS NOT NULL`,
    `CREATE INDEX ${index('live')} ON ${sessions} (${c.realm}, ${order}) WHERE ${c.endedAt} IS NULL`,
    // Without it a list of the ended would go through all that lives and began since.
    `CREATE INDEX ${index('ended')} ON ${sessions} (${c.realm}, ${order}) WHERE ${c.endedAt} IS NOT NULL`,
    `CREATE INDEX ${index('live_by_subject')} ON ${sessions} (${c.realm}, ${c.subject}, ${order}) WHERE ${c.endedAt} IS NULL`,
    `CREATE INDEX ${index('by_family')} ON ${sessions} (${c.family}) WHERE ${c.family} IS NOT NULL`,
    `CREATE INDEX ${index('by_parent')} ON ${sessions} (${c.parent}) WHERE ${c.parent} IS NOT NULL`,
    `CREATE INDEX ${index('by_actor')} ON ${sessions} (${c.actor}) WHERE ${c.actor} IS NOT NULL`,
    `CREATE INDEX ${index('due')} ON ${sessions} (${c.realm}, ${c.dueAt})
      WHERE ${c.endedAt} IS NULL AND ${c.dueAt} IS NOT NULL`,
    `CREATE INDEX ${index('remembered')} ON ${sessions} (${c.realm}, ${order}) WHERE ${c.rememberedUntil} IS NOT NULL`,
    `CREATE INDEX ${index('restorable')} ON ${sessions} (${c.realm}, ${c.rememberedUntil})
      WHERE ${c.endedAt} IS NOT NULL AND ${c.rememberedUntil} IS NOT NULL`,
    `CREATE INDEX ${index('over')} ON ${sessions} (${c.realm}, over_since) WHERE over_since IS NOT NULL`,
    `CREATE INDEX ${index('detailed')} ON ${sessions} (${c.realm}, detailed_since) WHERE detailed_since IS NOT NULL`,
    `CREATE INDEX ${index('watermarks_by_subject')} ON ${watermarks} (realm, subject)`,
    `CREATE INDEX ${index('watermarks_by_sweep')} ON ${watermarks} (swept, at)`,
    `CREATE INDEX ${index('changes_by_step')} ON ${changes} (txid)`,
    `CREATE INDEX ${index('changes_noted')} ON ${changes} (at) WHERE at IS NOT NULL`,
  ]
}

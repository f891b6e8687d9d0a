import type { MysqlNames } from './mysql-names.ts'

/** How many rows serialise admissions: subjects that share one wait for each other for nothing, and never long. */
export const admissionLocks = 512

/** The row of `locks` that whoever tells of a change holds to the end of its step. */
export const feedLock = admissionLocks

/**
 * The layout.
 *
 * One row a session. No index mentions what a touch changes (`last_seen_at`, `lag`), so that a touch rewrites one row in place.
 * MySQL has no index of a part of the rows. Instead the server computes in which stage of its life each row is, and since when
 * or until when: `sojourn_stage` is 1 while the session has not ended, 2 while it has and can be restored, 3 where it is over and
 * has details, 4 where it is over and has none. An index that begins with realm and stage is an index of the rows of that stage.
 * `sojourn_stage_at` is what a sweep goes by within a stage: `due_at` in 1, the end of the refresh token in 2, else the moment
 * that retention counts from.
 * `due_at` is a moment no later than the deadline: a sweep that finds it past looks at the row, and ends the session or moves
 * `due_at` to the true deadline. NULL: it has none.
 *
 * Text is compared byte by byte, with its trailing spaces: case, accents and spaces tell ids and subjects apart.
 */
export function tablesOf(names: MysqlNames, collation: string): readonly string[] {
  const { sessions, watermarks, leases, changes, locks, c, stage, stageAt, remembered } = names
  const how = `ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation}`
  const over = `GREATEST(${c.endedAt}, IFNULL(${c.refreshUsedAt}, ${c.endedAt}))`
  const bare = `${c.ip} IS NULL AND ${c.userAgent} IS NULL AND ${c.fingerprint} IS NULL AND CHAR_LENGTH(${c.data}) <= 2`
  return [
    `CREATE TABLE IF NOT EXISTS ${sessions} (
      ${c.id}               VARCHAR(255) NOT NULL PRIMARY KEY,
      ${c.realm}            VARCHAR(128) NOT NULL,
      ${c.app}              VARCHAR(255),
      ${c.subject}          VARCHAR(256),
      ${c.roles}            MEDIUMTEXT NOT NULL,
      ${c.method}           VARCHAR(255),
      ${c.amr}              MEDIUMTEXT NOT NULL,
      ${c.assurance}        TINYINT NOT NULL,
      ${c.authenticatedAt}  BIGINT,
      ${c.factors}          MEDIUMTEXT NOT NULL,
      ${c.restored}         TINYINT NOT NULL,
      ${c.createdAt}        BIGINT NOT NULL,
      ${c.activatedAt}      BIGINT,
      ${c.lastSeenAt}       BIGINT NOT NULL,
      ${c.lag}              BIGINT NOT NULL,
      ${c.idleTimeout}      BIGINT,
      ${c.expiresAt}        BIGINT,
      ${c.regeneratedAt}    BIGINT NOT NULL,
      ${c.policy}           VARCHAR(255) NOT NULL,
      ${c.fingerprint}      TEXT,
      ${c.ip}               VARCHAR(255),
      ${c.userAgent}        TEXT,
      ${c.family}           VARCHAR(255),
      ${c.rememberedUntil}  BIGINT,
      ${c.parent}           VARCHAR(255),
      ${c.actor}            VARCHAR(256),
      ${c.revision}         BIGINT NOT NULL,
      ${c.endedAt}          BIGINT,
      ${c.endReason}        VARCHAR(64),
      ${c.endedBy}          VARCHAR(256),
      ${c.secretHash}       VARCHAR(255) NOT NULL,
      ${c.previousHash}     VARCHAR(255),
      ${c.confirmed}        TINYINT NOT NULL,
      ${c.data}             LONGTEXT NOT NULL,    -- JSON, marked as mysql-data.ts says
      ${c.refreshHash}      VARCHAR(255),
      ${c.refreshExpiresAt} BIGINT,
      ${c.refreshUsedAt}    BIGINT,
      ${c.refreshSuccessor} VARCHAR(255),
      ${c.dueAt}            BIGINT,
      ${stage}      TINYINT GENERATED ALWAYS AS (CASE
        WHEN ${c.endedAt} IS NULL THEN 1 WHEN ${c.rememberedUntil} IS NOT NULL THEN 2 WHEN ${bare} THEN 4 ELSE 3 END) STORED,
      ${stageAt}    BIGINT GENERATED ALWAYS AS (CASE
        WHEN ${c.endedAt} IS NULL THEN ${c.dueAt}
        WHEN ${c.rememberedUntil} IS NOT NULL THEN ${c.rememberedUntil} ELSE ${over} END) STORED,
      ${remembered} TINYINT GENERATED ALWAYS AS (IF(${c.rememberedUntil} IS NULL, NULL, 1)) STORED,
      KEY by_creation (${c.realm}, ${c.createdAt} DESC, ${c.id}),
      KEY by_subject (${c.realm}, ${c.subject}, ${c.createdAt} DESC, ${c.id}),
      KEY live (${c.realm}, ${stage}, ${c.createdAt} DESC, ${c.id}),
      KEY live_by_subject (${c.realm}, ${c.subject}, ${stage}, ${c.createdAt} DESC, ${c.id}),
      KEY remembered (${c.realm}, ${remembered}, ${c.createdAt} DESC, ${c.id}),
      KEY by_stage (${c.realm}, ${stage}, ${stageAt}),
      KEY by_family (${c.family}),
      KEY by_parent (${c.parent}),
      KEY by_actor (${c.actor})
    ) ${how}`,
    // Of watermarks one row a scope: the highest that was set for it. NULL in subject, method or policy: any. A sweep goes through
    // the live sessions that it covers, from the newest, and notes here how far it came.
    `CREATE TABLE IF NOT EXISTS ${watermarks} (
      scope             BINARY(32) NOT NULL PRIMARY KEY,   -- SHA-256 of the JSON of the four that follow
      realm             VARCHAR(128) NOT NULL,
      subject           VARCHAR(256),
      method            VARCHAR(255),
      policy            VARCHAR(255),
      at                BIGINT NOT NULL,
      reason            VARCHAR(64) NOT NULL,
      swept             TINYINT NOT NULL,                  -- 1: all that it covers is marked
      swept_created_at  BIGINT,                            -- the last session that a sweep looked at
      swept_id          VARCHAR(255),
      KEY by_subject (realm, subject),
      KEY by_sweep (swept, at)
    ) ${how}`,
    `CREATE TABLE IF NOT EXISTS ${leases} (
      job     VARCHAR(255) NOT NULL PRIMARY KEY,
      holder  VARCHAR(255) NOT NULL,
      until_  BIGINT NOT NULL                              -- valid at it, free one millisecond later
    ) ${how}`,
    // The feed. Whoever adds to it holds the last row of the locks until its step is committed, so that rows become visible in the order
    // of seq. A row of the kind 'note' says when a sweep came by, and names the place where the feed begins.
    `CREATE TABLE IF NOT EXISTS ${changes} (
      seq       BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      kind      VARCHAR(16) NOT NULL,                      -- ended, changed, watermark, note
      id        VARCHAR(255),
      reason    VARCHAR(64),
      at        BIGINT,
      scope     LONGTEXT,                                  -- JSON of a watermark's realm, subject, method and policy
      noted_at  BIGINT,                                    -- at, of a note
      KEY notes (noted_at)
    ) ${how}`,
    // Cursors of another feed are not those of this one: it begins anywhere.
    `INSERT INTO ${changes} (seq, kind)
      SELECT 1 + FLOOR(RAND() * 1e12), 'note' FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM ${changes} x)`,
    `CREATE TABLE IF NOT EXISTS ${locks} (slot INT NOT NULL PRIMARY KEY) ENGINE=InnoDB`,
    `INSERT IGNORE INTO ${locks} (slot)
      WITH RECURSIVE slots (slot) AS (SELECT 0 UNION ALL SELECT slot + 1 FROM slots WHERE slot < ${feedLock})
      SELECT slot FROM slots`,
  ]
}

import { invalidOption } from '../core/errors.ts'
import type { Millis } from '../core/session.ts'
import type { ConnectionOptions } from './postgres-client.ts'
import type { PgNames, PostgresNames } from './postgres-names.ts'
import { readPostgresNames } from './postgres-names.ts'
import { systemTimer } from './timer.ts'
import type { Timer } from './timer.ts'

export interface PostgresOptions extends PostgresNames {
  /** How long a verb may take, in milliseconds, before it fails as `store_unavailable`. What it did then is not known. */
  readonly deadline?: Millis
  /** Whether the tables are made and brought up to date at the first use. Otherwise only their layout is checked. */
  readonly migrate?: boolean
  /** Whether statements are prepared once a connection. `false` where a pooler lends connections for single statements. */
  readonly prepare?: boolean
  /** Whether ends and changes are told of by `NOTIFY`, for `watch`. Steps that notify are committed one after the other. */
  readonly notify?: boolean
}

/** @internal What a test may choose besides. */
export interface HiddenOptions {
  readonly timer?: Timer
}

export interface ReadOptions extends ConnectionOptions {
  readonly names: PgNames
  readonly migrates: boolean
  readonly notify: boolean
  readonly timer: Timer
}

export function readPostgresOptions(options: PostgresOptions & HiddenOptions): ReadOptions {
  const { deadline = 10_000, migrate = true, prepare = true, notify = true, timer = systemTimer } = options
  if (!Number.isInteger(deadline) || deadline < 1)
    throw invalidOption('deadline', 'a whole number of milliseconds, at least 1', deadline)
  for (const [key, value] of Object.entries({ migrate, prepare, notify })) {
    if (typeof value !== 'boolean') throw invalidOption(key, 'true or false', value)
  }
  return { deadline, migrates: migrate, prepare, notify, timer, names: readPostgresNames(options) }
}

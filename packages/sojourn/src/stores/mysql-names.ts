import { readNames as readSqlNames } from './sql-names.ts'
import type { Names, SqlNames } from './sql-names.ts'

/** Names as they stand in the SQL of MySQL. */
export interface MysqlNames extends Names {
  /** Rows that are locked for the sake of the lock alone. */
  readonly locks: string
  /** What the columns that the server computes are called. */
  readonly stage: string
  readonly stageAt: string
  readonly remembered: string
  /** Tables that one step works with, of the connection alone. */
  readonly step: string
  readonly next: string
  readonly due: string
  readonly told: string
  /** A procedure. One whose text changes gets a new number, so that nodes of the release before go on. */
  procedure(of: string): string
}

/** Checks the names, which become part of SQL text, and completes them. */
export function readNames(options: SqlNames): MysqlNames {
  const names = readSqlNames(options, { longest: 64, longestSessions: 44, reserved: 'mysql_', quote })
  const own = (of: string): string => quote(`${names.table}_${of}`)
  return {
    ...names,
    index: quote,
    locks: own('locks'),
    stage: quote('sojourn_stage'),
    stageAt: quote('sojourn_stage_at'),
    remembered: quote('sojourn_remembered'),
    step: own('step'),
    next: own('next'),
    due: own('due'),
    told: own('told'),
    procedure: own,
  }
}

function quote(name: string): string {
  return `\`${name}\``
}

import type { MysqlNames } from './mysql-names.ts'
import { feedLock } from './mysql-tables.ts'

/** What the texts of procedures share. */
export interface Kit {
  readonly names: MysqlNames
  /** The type of a text that is handed in: it is never cut, so that one too long is refused by the column. */
  readonly text: string
}

/** One text that makes a procedure. */
export function procedure(name: string, parameters: readonly string[], body: string): string {
  return `CREATE PROCEDURE ${name} (${parameters.join(', ')})\nbody: BEGIN\n${body}\nEND`
}

/**
 * A procedure that is one step: all of it or nothing. It sees what was committed before each of its statements, and keeps what it
 * locks to its end; what it looks for and is not there, it does not lock.
 */
export function step(name: string, parameters: readonly string[], declared: string, body: string): string {
  return procedure(
    name,
    parameters,
    `${declared}
  DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  START TRANSACTION;
${body}
  COMMIT;`,
  )
}

/** Ends a step early, with nothing written. */
export function answer(status: string): string {
  return `SELECT ${status}; ROLLBACK; LEAVE body;`
}

/** Comes before each row that joins the feed. */
export function holdFeed({ locks }: MysqlNames): string {
  return `SELECT l.slot INTO @sojourn_slot FROM ${locks} l WHERE l.slot = ${feedLock} FOR UPDATE;`
}

/** Tells of a session whose record is different. */
export function tellChanged(names: MysqlNames, id: string): string {
  return `${holdFeed(names)}
  INSERT INTO ${names.changes} (kind, id) VALUES ('changed', ${id});`
}

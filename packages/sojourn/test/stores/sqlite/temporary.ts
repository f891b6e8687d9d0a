import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

/** The path of a database that does not exist yet, in a folder of its own that goes with the test. */
export function temporaryFile(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'sojourn-sqlite-'))
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'sessions.db')
}

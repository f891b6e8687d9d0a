import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from 'sojourn'
import { sqlite } from 'sojourn/stores/sqlite'

/** A SQLite store in a file that goes when the process ends. */
export function temporarySqlite(): Store {
  const folder = mkdtempSync(join(tmpdir(), 'sojourn-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return sqlite(join(folder, 'sessions.db'))
}

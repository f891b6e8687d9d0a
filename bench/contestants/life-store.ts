import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Session, Store } from 'sojourn'
import { memory } from 'sojourn/stores/memory'
import { sqlite } from 'sojourn/stores/sqlite'

export type LifeStore = 'memory' | 'sqlite'

/** A store that a session's life is measured on. */
export interface Opened {
  readonly store: Store
  /** Puts sessions like one that was started into it, each with an id of its own: by no engine, and all in one step. */
  fill(like: Session, count: number): void
}

/** In memory there is room for all of it; the file of SQLite goes when the process ends. */
export function openLifeStore(on: LifeStore): Opened {
  if (on === 'memory') {
    const store = memory({ maxSessions: 1_000_000 })
    return { store, fill: (like, count) => fill(store, like, count) }
  }
  const folder = mkdtempSync(join(tmpdir(), 'sojourn-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const db = new DatabaseSync(join(folder, 'sessions.db'))
  // As the store sets up a file that it opens itself.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  const store = sqlite(db)
  return {
    store,
    fill(like, count) {
      db.exec('BEGIN')
      fill(store, like, count)
      db.exec('COMMIT')
    },
  }
}

let made = 0

function fill(store: Store, like: Session, count: number): void {
  for (let one = 0; one < count; one++) {
    const id = `bench-${made++}`
    const session = { ...like, id, subject: `u-${one % 5_000}` }
    const result = store.create({ session, secretHash: `hash-of-${id}`, data: {} })
    if (!('status' in result) || result.status !== 'created') throw new Error(`${id} was not created`)
  }
}

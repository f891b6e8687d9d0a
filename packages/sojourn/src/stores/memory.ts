import { invalidOption } from '../core/errors.ts'
import type { Store } from '../core/store.ts'
import { makeRoom } from './memory-room.ts'
import { MemoryStore } from './memory-store.ts'
import { MemoryTable } from './memory-table.ts'

export interface MemoryOptions {
  /** The most sessions that it holds, ended ones too. At the limit the ended go first, then the expired, guests, the restorable. */
  readonly maxSessions?: number
}

/**
 * Sessions in the memory of this process, gone when it ends: for tests, for trials, for one process that may forget. It
 * answers at once, and is the model that every other store must agree with.
 */
export function memory(options: MemoryOptions = {}): Store {
  const { maxSessions = 100_000 } = options
  if (!Number.isInteger(maxSessions) || maxSessions < 1) {
    throw invalidOption('maxSessions', 'a whole number of sessions, at least 1', maxSessions)
  }
  const table: MemoryTable = new MemoryTable((at, spared) => makeRoom(table, maxSessions, at, spared))
  return new MemoryStore(table)
}

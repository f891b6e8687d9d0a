import { watch as watchFolder } from 'node:fs'
import { invalidOption, SessionError } from '../core/errors.ts'
import type { Instant, Session } from '../core/session.ts'
import type {
  Changes,
  CreateOptions,
  CreateResult,
  Elevation,
  End,
  Filter,
  Found,
  ListQuery,
  NewSession,
  Page,
  Patch,
  RestoreOptions,
  RestoreResult,
  Store,
  SweepOptions,
  SweepResult,
  TouchEntry,
  UpgradeOptions,
  UpgradeResult,
  Watermark,
  WatermarkScope,
  WriteOptions,
  WriteResult,
} from '../core/store.ts'
import { FileFolder } from './file-folder.ts'
import { FileLog } from './file-log.ts'
import { FileState } from './file-state.ts'
import { Watchers } from './watchers.ts'

const day = 24 * 60 * 60 * 1000

export interface FileOptions {
  /** No answered write is lost even when the machine loses its power, at the cost of a wait for the disk. Otherwise the last ones may be. */
  readonly durable?: boolean
  /** The most sessions that it holds, ended ones too, in memory as well. At the limit the ended go first, then the expired, guests, the restorable. */
  readonly maxSessions?: number
}

/**
 * Sessions in one folder, without a database: a log of what each step changed, which every process that shares the folder
 * keeps in its memory. For one machine and thousands of sessions. It answers at once, survives a process that is killed at
 * any moment, and reads without a lock.
 *
 *     sojourn.json       {"store":"file","version":1}
 *     log.7              0f2a91c3 5be1d4f0 ["s-1"] [{"kind":"put","found":{"session":{"id":"s-1",…},"secretHash":…}}]
 *                        one line a step; the highest number is the log, see `file-log.ts`
 *     lock.7             who writes to it at this moment
 *     process.<token>    one for each store that is open: {"pid":…,"started":…,"boot":…,"space":…}
 *     draft.<token>      the next log, while it is written
 *
 * The folder is the owner's alone (0700), each file too (0600). Other files in it are left alone.
 */
export function file(folder: string, options: FileOptions = {}): Store {
  const { durable = false, maxSessions = 100_000 } = options
  if (!Number.isInteger(maxSessions) || maxSessions < 1)
    throw invalidOption('maxSessions', 'a whole number of sessions, at least 1', maxSessions)
  return answering(folder, () => new FileStore(folder, durable, maxSessions))
}

class FileStore implements Store {
  readonly name = 'file'
  readonly #folder: FileFolder
  readonly #log: FileLog
  readonly #watchers = new Watchers()
  #watching: (() => void) | undefined
  #isClosed = false

  constructor(path: string, isDurable: boolean, maxSessions: number) {
    this.#folder = new FileFolder(path)
    this.#log = new FileLog(this.#folder, isDurable, () => this.#newState(maxSessions))
  }

  create(entry: NewSession, options?: CreateOptions): CreateResult {
    return this.#step(({ store }) => store.create(entry, options))
  }

  find(id: string): Found | undefined {
    return this.#read((state) => {
      state.check(id)
      return state.store.find(id)
    })
  }

  touch(entries: readonly TouchEntry[]): void {
    if (entries.length > 0) this.#step(({ store }) => store.touch(entries))
  }

  upgrade(id: string, to: NewSession, options: UpgradeOptions): UpgradeResult {
    return this.#step(({ store }) => store.upgrade(id, to, options))
  }

  regenerate(
    id: string,
    from: string,
    to: string,
    at: Instant,
    elevation?: Elevation,
  ): 'regenerated' | 'lost' | 'gone' {
    return this.#step((state) => {
      state.check(id)
      return state.store.regenerate(id, from, to, at, elevation)
    })
  }

  write(id: string, patch: Patch, options: WriteOptions): WriteResult {
    return this.#step((state) => {
      state.check(id)
      return state.store.write(id, patch, options)
    })
  }

  end(which: Filter, end: End): readonly Session[] {
    return this.#step(({ store }) => store.end(which, end))
  }

  voidBefore(scope: WatermarkScope, watermark: Watermark): void {
    this.#step((state) => state.voidBefore(scope, watermark))
  }

  list(query: ListQuery): Page {
    return this.#read(({ store }) => store.list(query))
  }

  /** The first of each day leaves nothing on the disk of what was removed. */
  sweep(now: Instant, options: SweepOptions): SweepResult {
    const result = this.#step(({ store }) => store.sweep(now, options))
    const { compactedAt } = this.#read((state) => state)
    if (compactedAt === null || now - compactedAt >= day)
      answering(this.#folder.path, () => this.#log.compact(now))
    return result
  }

  restore(id: string, from: string, to: NewSession, options: RestoreOptions): RestoreResult {
    return this.#step((state) => {
      state.check(id)
      return state.store.restore(id, from, to, options)
    })
  }

  lease(job: string, holder: string, at: Instant, until: Instant): boolean {
    return this.#step((state) => state.lease(job, holder, at, until))
  }

  changes(after: string | null, limit: number): Changes {
    return this.#read(({ store }) => store.changes(after, limit))
  }

  watch(grew: () => void): () => void {
    this.#watching ??= this.#watchOthers()
    return this.#watchers.add(grew)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#watching?.()
    this.#log.close()
    this.#folder.close()
  }

  #read<T>(read: (state: FileState) => T): T {
    return answering(this.#folder.path, () => {
      this.#refuseClosed()
      const state = this.#log.latest()
      state.check()
      return read(state)
    })
  }

  #step<T>(run: (state: FileState) => T): T {
    return answering(this.#folder.path, () => {
      this.#refuseClosed()
      return this.#log.step(run)
    })
  }

  #newState(maxSessions: number): FileState {
    const state = new FileState(maxSessions)
    state.store.watch(() => this.#watchers.tellSoon())
    // Whoever held a cursor of the state before has missed something.
    this.#watchers.tellSoon()
    return state
  }

  /** Hears when others write; what was missed is read at the next call all the same. */
  #watchOthers(): () => void {
    const watcher = watchFolder(this.#folder.path, { persistent: false }, () => {
      try {
        if (!this.#isClosed) this.#log.latest()
      } catch {
        // The next verb meets it too, and says it.
      }
    })
    watcher.on('error', () => watcher.close())
    return () => watcher.close()
  }

  #refuseClosed(): void {
    if (this.#isClosed) throw new SessionError('store_unavailable', 'The file store is closed')
  }
}

/** What the file system refuses is, to a caller, a store that cannot answer. */
function answering<T>(folder: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    throw new SessionError('store_unavailable', `The file system refuses ${folder}: ${error.message}`, {
      cause: error,
    })
  }
}

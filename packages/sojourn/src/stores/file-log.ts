import {
  closeSync,
  fchmodSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs'
import type { Instant } from '../core/session.ts'
import { SessionError } from '../core/errors.ts'
import { openLog, readFirst, sealed, open, writeAll } from './file-bytes.ts'
import type { NotedChange } from './noted-change.ts'
import type { FileFolder } from './file-folder.ts'
import { readLine, writeLine } from './file-line.ts'
import type { FileState } from './file-state.ts'

/** For how long one may hold the lock before another goes on without him, in milliseconds. */
const stalled = 2_000
/** For how long one waits for the lock while others take it in turn. It blocks the process meanwhile. */
const patience = 10_000
const chunk = 1 << 20
const line = 0x0a
const pause = new Int32Array(new SharedArrayBuffer(4))

/**
 * The log of a store, and how several processes write to it.
 *
 * `log.<n>` holds one line a step, and is only ever appended to, by whoever holds `lock.<n>`. The highest `n` is the log.
 * Whoever reads is up to date once it has read to the end: a lock is not needed for that.
 *
 * A log is closed for good by taking from it the right to be written (`seal`); then what it comes to is written as
 * `log.<n+1>`, which appears whole, under a name that one alone can take. So goes what has grown too long; and so goes the
 * log of one who was killed while he held the lock, or stands still. Anybody may do it at any moment: whoever appends
 * looks afterwards whether the log is sealed, and says that a step is done only where it is not. Thus what was
 * acknowledged was in the log before it was sealed, and is in the next one. Who is gone and who is slow is a matter of
 * waiting longer or shorter, never of losing a step.
 */
export class FileLog {
  readonly #folder: FileFolder
  readonly #isDurable: boolean
  readonly #newState: () => FileState
  #state: FileState
  #generation = 0
  #fd = -1
  /** The bytes of the log that the state comes from. */
  #read = 0
  /** The size of the log when it was begun. */
  #base = 0

  constructor(folder: FileFolder, isDurable: boolean, newState: () => FileState) {
    this.#folder = folder
    this.#isDurable = isDurable
    this.#newState = newState
    this.#state = newState()
    if (folder.newest() === 0) this.#begin(1)
    this.#follow()
    folder.noteLayout()
  }

  /** The state with everything in it that was committed before the call. */
  latest(): FileState {
    const { size, isSealed } = this.#look()
    if (size > this.#read) this.#readTo(size)
    if (size < this.#read)
      this.#state.follow({ state: 'damaged' }, `${this.#folder.log(this.#generation)}, cut at byte ${size},`)
    if (isSealed) this.#follow()
    return this.#state
  }

  /** Runs one step: alone, on the latest state, and written whole or not at all. */
  step<T>(run: (state: FileState) => T): T {
    const lock = this.#acquire()
    try {
      this.#state.check()
      const result = this.#run(run)
      const changes = this.#state.take()
      if (changes.length > 0) this.#append(changes)
      if (this.#read > 2 * this.#base + chunk) this.#replace()
      return result
    } finally {
      this.#folder.release(lock)
    }
  }

  /** Writes the log anew, so that nothing is left in it of what was removed. */
  compact(at: Instant): void {
    const lock = this.#acquire()
    try {
      this.#state.check()
      this.#state.compactedAt = at
      this.#replace()
    } finally {
      this.#folder.release(lock)
    }
  }

  close(): void {
    if (this.#fd >= 0) closeSync(this.#fd)
    this.#fd = -1
  }

  #run<T>(run: (state: FileState) => T): T {
    try {
      return run(this.#state)
    } catch (error) {
      // A step that changed something before it failed leaves a state that is no log's.
      if (this.#state.take().length > 0) this.#open(this.#generation)
      throw error
    }
  }

  #append(changes: readonly NotedChange[]): void {
    const bytes = writeLine(changes)
    let done = 0
    try {
      while (done < bytes.length) done += writeSync(this.#fd, bytes, done)
      if (this.#isDurable) fdatasyncSync(this.#fd)
      this.#read += bytes.length
    } catch (error) {
      this.#undo(done === bytes.length)
      throw error
    }
    if (!this.#look().isSealed) return
    this.#follow()
    throw new SessionError(
      'store_unavailable',
      'This process stood still while it wrote, and another went on without it: nobody knows whether the step counts',
    )
  }

  /** Nobody takes over half a line, so it can be cut off; a whole one somebody may have read, and it goes into the next log. */
  #undo(isWhole: boolean): void {
    try {
      if (isWhole) fchmodSync(this.#fd, sealed)
      else ftruncateSync(this.#fd, this.#read)
    } finally {
      this.#open(this.#generation)
    }
  }

  /** Takes the lock of the newest log, which is then read to its end. */
  #acquire(): string {
    const until = performance.now() + patience
    let [taking, since] = ['', 0]
    for (let waits = 0; ; waits++) {
      this.latest().check()
      const lock = this.#folder.lock(this.#generation)
      if (!this.#look().isSealed && this.#folder.claim(lock)) {
        const { size, isSealed } = this.#look()
        if (!isSealed && this.#readTo(size)) return lock
        // Sealed meanwhile, or one who was killed left half a line: then the next log is without it.
        if (!isSealed) this.#replace()
        this.#folder.release(lock)
        continue
      }
      const holder = this.#folder.holder(lock)
      const now = performance.now()
      if (holder?.taking !== taking) [taking, since] = [holder?.taking ?? '', now]
      if (
        holder?.isGone === true ||
        (holder === undefined && this.#look().isSealed) ||
        now - since > stalled
      ) {
        this.#replace()
        continue
      }
      if (now > until)
        throw new SessionError(
          'store_unavailable',
          `${this.#folder.path} is busy: process ${holder?.pid ?? 'unknown'} holds the lock`,
        )
      if (holder !== undefined)
        Atomics.wait(pause, 0, 0, Math.min(0.1 * 2 ** waits, 2) * (0.5 + Math.random()))
    }
  }

  /** Seals the log and begins the next one, or finds that somebody has. */
  #replace(): void {
    fchmodSync(this.#fd, sealed)
    this.#readTo(this.#look().size)
    this.#state.check()
    if (this.#folder.newest() !== this.#generation || !this.#begin(this.#generation + 1)) this.#follow()
  }

  /** Writes a log of what the state is; false where another has begun that one. */
  #begin(generation: number): boolean {
    const { draft } = this.#folder
    const log = this.#folder.log(generation)
    this.#folder.release(draft)
    const fd = openSync(draft, 'wx', open)
    let size = 0
    try {
      fchmodSync(fd, open)
      size += writeAll(fd, this.#header(size))
      for (const changes of this.#state.lines()) size += writeAll(fd, writeLine(changes))
      writeAll(fd, this.#header(size), 0)
      if (this.#isDurable) fsyncSync(fd)
      if (!this.#folder.claim(log, draft)) return false
    } finally {
      closeSync(fd)
      this.#folder.release(draft)
    }
    if (this.#isDurable) this.#folder.sync()
    if (this.#folder.newest() !== generation || !this.#use(generation)) return false
    this.#read = this.#base = size
    this.#folder.removeBefore(generation)
    return true
  }

  #header(size: number): Buffer {
    const { compactedAt } = this.#state
    const digits = String(size).padStart(16, '0')
    return writeLine([{ kind: 'log', version: 1, compactedAt, after: this.#read, size: digits }])
  }

  /** Goes to the newest log, where that is another. */
  #follow(): void {
    for (;;) {
      const newest = this.#folder.newest()
      // The same number again is another file where the folder was restored.
      const isOther = newest !== this.#generation || fstatSync(this.#fd).nlink === 0
      if (isOther && !this.#goOn(newest)) this.#open(newest)
      if (newest === this.#generation && (!this.#look().isSealed || newest === this.#folder.newest())) return
    }
  }

  /** Goes to the next log without reading it, where that was written from what was read; false where it was not. */
  #goOn(generation: number): boolean {
    if (generation !== this.#generation + 1) return false
    const first = readFirst(this.#folder.log(generation))
    if (first?.after !== this.#read || !this.#use(generation)) return false
    this.#read = this.#base = Number(first.size)
    this.#state.compactedAt = first.compactedAt
    this.#readTo(this.#look().size)
    return true
  }

  /** Reads a log from its first line, where it is still there. */
  #open(generation: number): void {
    if (!this.#use(generation)) return
    this.#state = this.#newState()
    this.#read = 0
    this.#readTo(fstatSync(this.#fd).size)
    this.#base = this.#read
  }

  /** False where the log is gone, as another has come since. */
  #use(generation: number): boolean {
    const fd = openLog(this.#folder.log(generation))
    if (fd === undefined) return false
    this.close()
    this.#fd = fd
    this.#generation = generation
    return true
  }

  #look(): { readonly size: number; readonly isSealed: boolean } {
    const { size, mode, nlink } = fstatSync(this.#fd)
    return { size, isSealed: (mode & 0o200) === 0 || nlink === 0 }
  }

  /** Takes over the whole lines up to there; false where half a line is left. */
  #readTo(size: number): boolean {
    let length = chunk
    while (this.#read < size) {
      const buffer = Buffer.allocUnsafe(Math.min(length, size - this.#read))
      const got = readSync(this.#fd, buffer, 0, buffer.length, this.#read)
      const end = got === 0 ? -1 : buffer.lastIndexOf(line, got - 1)
      if (end >= 0) this.#take(buffer.subarray(0, end + 1))
      else if (length >= size - this.#read) return false
      length = end >= 0 ? chunk : length * 2
    }
    return true
  }

  #take(lines: Buffer): void {
    for (let from = 0; from < lines.length;) {
      const end = lines.indexOf(line, from)
      this.#state.follow(
        readLine(lines.subarray(from, end)),
        `${this.#folder.log(this.#generation)}, byte ${this.#read + from},`,
      )
      from = end + 1
    }
    this.#read += lines.length
  }
}

import { readFile, stat } from 'node:fs/promises'
import type { Clock, Millis } from 'sojourn'
import type { Logger } from '../logger.ts'
import { placeFile, type PlaceFile } from './place-file.ts'

export interface WatchedFileOptions {
  readonly path: string
  readonly every: Millis
  readonly clock: Pick<Clock, 'after'>
  readonly log: Logger
}

/** A file of places, as it was when it last read whole. */
export interface WatchedFile {
  readonly current: PlaceFile
  /** Begins to look whether it was replaced. */
  readonly start: () => void
  /** Looks no more, and waits for a look that is under way. */
  readonly stop: () => Promise<void>
}

/**
 * Reads a file of places, and, once started, again when it was replaced. A file that others may still be writing is left alone: it is
 * read when it has looked the same twice, `every` apart, and did not change while it was read. What does not read, or is
 * gone, leaves the one before in its place, and is logged once. Rejects where the first does not read.
 */
export async function openFile(options: WatchedFileOptions): Promise<WatchedFile> {
  const { path, every, clock, log } = options
  let taken = await lookOf(path)
  let current = await readPlaceFile(path)
  let seen = taken
  let refused: string | undefined

  const look = async (): Promise<void> => {
    try {
      const now = await lookOf(path)
      const isSettled = now === seen
      seen = now
      if (!isSettled || now === taken || now === refused) return
      const bytes = await readFile(path)
      if ((await lookOf(path)) !== now) return
      current = placeFile(bytes)
      taken = now
      refused = undefined
      log.info({ event: 'places.read', ...current.about }, 'the file of places was read anew')
    } catch (error) {
      if (refused === seen) return
      refused = seen
      log.warn(
        { event: 'places.refused', err: error },
        'the file of places does not read: the one before stays',
      )
    }
  }

  let isStopped = false
  let callOff = (): void => {}
  let underWay: Promise<void> = Promise.resolve()
  const wait = (): void => {
    callOff = clock.after(every, () => {
      underWay = look().then(() => {
        if (!isStopped) wait()
      })
    })
  }
  return {
    get current() {
      return current
    },
    start: wait,
    async stop() {
      isStopped = true
      callOff()
      await underWay
    },
  }
}

/** Reads a file of places as it is now. Rejects where it does not read. */
export async function readPlaceFile(path: string): Promise<PlaceFile> {
  return placeFile(await readFile(path))
}

/** What changes when a file is written or replaced. */
async function lookOf(path: string): Promise<string> {
  const { ino, size, mtimeMs } = await stat(path)
  return `${ino} ${size} ${mtimeMs}`
}

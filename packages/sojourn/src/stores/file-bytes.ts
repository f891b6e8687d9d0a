import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs'
import type { LogBegun } from './noted-change.ts'
import { codeOf } from './file-folder.ts'
import { readLine } from './file-line.ts'

/** The modes of a log: whoever looks at its size sees at once whether it is still written. */
export const [open, sealed] = [0o600, 0o400]

/** Never makes one; `undefined`: it is gone. A sealed log may be for reading only, even to its owner. */
export function openLog(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDWR | constants.O_APPEND)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    if (codeOf(error) === 'EACCES') return openSync(path, constants.O_RDONLY)
    throw error
  }
}

/** Writes all bytes, at a place or at the end; how many they were. */
export function writeAll(fd: number, bytes: Buffer, at: number | null = null): number {
  for (let done = 0; done < bytes.length;)
    done += writeSync(fd, bytes, done, bytes.length - done, at === null ? null : at + done)
  return bytes.length
}

/** How a log begins; `undefined`: it is gone, or does not say. */
export function readFirst(path: string): LogBegun | undefined {
  const buffer = Buffer.alloc(1024)
  let fd: number | undefined
  try {
    fd = openSync(path, constants.O_RDONLY)
    const text = buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, 0))
    const first = readLine(text.subarray(0, Math.max(0, text.indexOf('\n'))))
    const [change] = first.state === 'sound' ? first.changes : []
    return change?.kind === 'log' ? change : undefined
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

import { crc32 } from 'node:zlib'
import { type NotedChange, namesIn } from './noted-change.ts'

/** What a line says. What is damaged says whom it was about, or, with `names` absent, not even that. */
export type FileLine =
  | { readonly state: 'sound'; readonly changes: readonly NotedChange[] }
  | { readonly state: 'damaged'; readonly names?: readonly (string | null)[] }

/**
 * One step as one line: `<checksum of the names> <checksum of the changes> <names> <changes>`. The names have a checksum of
 * their own, so that damage to what a line says of a session leaves it known which session it was.
 */
export function writeLine(changes: readonly NotedChange[]): Buffer {
  const names = JSON.stringify(namesIn(changes)).replaceAll(' ', '\\u0020')
  const body = JSON.stringify(changes)
  return Buffer.from(`${checksum(names)} ${checksum(body)} ${names} ${body}\n`)
}

/** `line` is without its end. */
export function readLine(line: Buffer): FileLine {
  const text = line.toString('utf8')
  const [, ofNames, ofBody, names, body] = /^([\da-f]{8}) ([\da-f]{8}) (\S*) (.*)$/s.exec(text) ?? []
  if (names === undefined || body === undefined || checksum(names) !== ofNames) return { state: 'damaged' }
  if (checksum(body) === ofBody)
    return { state: 'sound', changes: JSON.parse(body) as readonly NotedChange[] }
  return { state: 'damaged', names: JSON.parse(names) as readonly (string | null)[] }
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0')
}

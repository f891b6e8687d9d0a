import type { Millis } from './session.ts'

/** A span as people write it: `'30m'`, `'1h30m'`, `'500ms'`, or a number of milliseconds. */
export type Duration = Millis | `${number}${'ms' | 's' | 'm' | 'h' | 'd' | 'w'}${string}`

export const second: Millis = 1_000
export const minute: Millis = 60 * second
export const hour: Millis = 60 * minute
export const day: Millis = 24 * hour

const units: readonly (readonly [unit: string, millis: Millis])[] = [
  ['w', 7 * day],
  ['d', day],
  ['h', hour],
  ['m', minute],
  ['s', second],
  ['ms', 1],
]

/** 400 days of a cookie's life are the most that browsers keep; a hundred years leave every sum an exact integer. */
const longest = 36_525 * day

/** Milliseconds of a written span, or `undefined` where it does not parse, is negative, or passes a hundred years. */
export function parseDuration(written: unknown): Millis | undefined {
  const millis =
    typeof written === 'number' ? written : typeof written === 'string' ? sumOf(written) : undefined
  if (millis === undefined || !Number.isSafeInteger(millis) || millis < 0 || millis > longest)
    return undefined
  return millis
}

/** The shortest exact way to write a span: `5400000` is `1h30m`. */
export function formatDuration(millis: Millis): string {
  if (millis === 0) return '0s'
  let rest = millis
  let text = ''
  for (const [unit, size] of units) {
    const count = unit === 'ms' ? rest : Math.floor(rest / size)
    if (count === 0 || (unit === 'w' && rest % size !== 0)) continue
    text += `${count}${unit}`
    rest -= count * size
  }
  return text
}

function sumOf(text: string): Millis | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/.test(text)) return undefined
  let sum = 0
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)) {
    const size = units.find(([name]) => name === unit)?.[1] ?? Number.NaN
    sum += Number(count) * size
  }
  return Math.round(sum)
}

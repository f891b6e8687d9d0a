/** What another site sent is not believed. Its words are for pages and logs: they carry nothing secret of what came. */
export class Distrust extends Error {
  override readonly name = 'Distrust'
  /** One word for logs and counters: `audience`, `replayed`, `expired`. */
  readonly why: string
  readonly expected: string
  readonly came: string
  /** What to do, as a sentence. */
  readonly advice: string

  constructor(why: string, { expected, came, advice }: Pick<Distrust, 'expected' | 'came' | 'advice'>) {
    super(`${why}: expected ${expected}; ${came} came`)
    this.why = why
    this.expected = expected
    this.came = shown(came)
    this.advice = advice
  }
}

export const advices = {
  again: 'Go back to where you came from and open it again.',
  settings:
    'Ask an administrator to compare the settings of the integration here with those of the other site.',
  clocks:
    'Open it again. If it happens every time, ask an administrator to compare the clocks of both servers.',
} as const

/** What came is its sender's word, and as long as they like. */
const longest = 200

function shown(came: string): string {
  const plain = came.replace(/\p{Cc}/gu, ' ')
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain
}

/** A claim of what came, for `came`. */
export function told(value: unknown): string {
  if (value === undefined) return 'nothing'
  return typeof value === 'string' ? `“${value}”` : (JSON.stringify(value) ?? 'something else')
}

import { SessionError } from '../core/errors.ts'

/** PostgreSQL's code of a failure: five characters, or a client's own word; `undefined` where it has none. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown =
    typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

/** Two steps got in each other's way, and the database undid this one: it can be done again. */
export function isUndone(error: unknown): boolean {
  const code = codeOf(error)
  return code === '40001' || code === '40P01'
}

/** Text or numbers that PostgreSQL does not hold: the character NUL, halves of a pair, a moment of more than eight bytes, a name too long for an index. */
const unstorable = new Set(['22021', '22P05', '22003', '22P02', '54000'])

/** What a failure is to a caller. What a statement held may be in the cause, and never is in the message. */
export function failureOf(error: unknown): unknown {
  if (error instanceof SessionError) return error
  const code = codeOf(error)
  if (code === 'SJ001') {
    return new SessionError(
      'invalid_option',
      'client: expected connections at the isolation level read committed; leave default_transaction_isolation as it is',
      { cause: error },
    )
  }
  if (code !== undefined && unstorable.has(code))
    return new SessionError(
      'invalid_data',
      `PostgreSQL cannot hold the value (${code}); nothing was written`,
      {
        cause: error,
      },
    )
  const shown = code === undefined ? '' : ` (${code})`
  return new SessionError('store_unavailable', `PostgreSQL cannot answer${shown}`, { cause: error })
}

import { SessionError } from 'sojourn'
import { refused } from './refused.ts'

/** Opens what a setting names, or throws `unusable`. */
export async function opened<T>(path: string, expected: string, open: () => T | Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    const isNamed = error instanceof SessionError && error.code === 'invalid_option'
    throw isNamed ? error : unusable(path, expected, error)
  }
}

/**
 * The error for a setting that reads well and yet cannot be used: which one, what was expected, what the attempt said. It
 * carries no cause, since that may hold a whole address with its password.
 */
export function unusable(path: string, expected: string, error: unknown): SessionError {
  return refused(path, expected, saidBy(error), 'told')
}

/** An attempt at several addresses fails with the errors of all and no message of its own. */
function saidBy(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(saidBy).join('; ')
  return error instanceof Error ? error.message : String(error)
}

import { SessionError } from 'sojourn'

/** The error for a setting: where it stands, what was expected, what came. `told`: `got` is a sentence already. */
export function refused(path: string, expected: string, got: unknown, told?: 'told'): SessionError {
  const shown = told === undefined ? show(got) : String(got)
  return new SessionError('invalid_option', `${path}: expected ${expected}, got ${shown}`)
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object'
  const text = JSON.stringify(value) ?? typeof value
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

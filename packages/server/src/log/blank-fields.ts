import { blankText } from './blank-text.ts'

export type LogFields = { readonly [name: string]: unknown }

const redacted = '[redacted]'
const secretNames =
  /^(?:set-)?cookie$|^x-api-key$|authorization|password|secret|token|saml(?:response|request)|relaystate|assertion/i

/** Names that a line has of its own. */
const taken: ReadonlySet<string> = new Set(['level', 'time', 'msg'])
const deepest = 8

/**
 * Plain data of whatever is to be logged: without what a secret's name stands before, at any depth, and without what looks
 * like a secret. An error is its type, message, code, stack and cause, and nothing else that a library hung on it, such as
 * the request with its headers. Never throws.
 */
export function blankFields(fields: LogFields): LogFields {
  const blanked: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields))
    blanked[taken.has(name) ? `${name}_` : blankText(name)] = blank(name, value, [])
  return blanked
}

/** `above`: what it stands in. */
function blank(name: string, value: unknown, above: readonly object[]): unknown {
  if (secretNames.test(name) && value !== null && value !== undefined) return redacted
  if (typeof value === 'string') return blankText(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value
  if (above.includes(value)) return '[circular]'
  if (above.length >= deepest) return '[deep]'
  try {
    return blankObject(name, value, [...above, value])
  } catch {
    return '[unreadable]'
  }
}

function blankObject(name: string, value: object, above: readonly object[]): unknown {
  if (value instanceof Error) return blankEach(describe(value), above)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return blank(name, (value.toJSON as () => unknown)(), above)
  return Array.isArray(value) ? value.map((one) => blank('', one, above)) : blankEach(value, above)
}

function blankEach(value: object, above: readonly object[]): LogFields {
  const blanked: Record<string, unknown> = {}
  for (const [name, one] of Object.entries(value)) blanked[blankText(name)] = blank(name, one, above)
  return blanked
}

function describe(error: Error): LogFields {
  const { name, message, stack, cause } = error
  return {
    type: name,
    message,
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    stack,
    ...(cause === undefined ? {} : { cause }),
    ...(error instanceof AggregateError ? { errors: error.errors } : {}),
  }
}

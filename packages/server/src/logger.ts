/** What the server logs to; `pino()` fits. Fields come first, then the message. */
export interface Logger {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
}
export type LogFields = { readonly [name: string]: unknown }

/** pino's numbers for its levels. */
export const levels = { debug: 20, info: 30, warn: 40, error: 50 } as const
export type Level = keyof typeof levels

export interface JsonLinesOptions {
  /** Gets one line, its end included. */
  readonly write: (line: string) => void
  /** `info` if left out; `silent`: nothing. */
  readonly level?: Level | 'silent'
  readonly now: () => number
}

/** One line of JSON for each event, in UTC, with secrets blanked. */
export function jsonLines({ write, level = 'info', now }: JsonLinesOptions): Logger {
  const least = level === 'silent' ? Number.POSITIVE_INFINITY : levels[level]
  const at = (name: Level) => (fields: LogFields, message: string) => {
    if (levels[name] < least) return
    const time = new Date(now()).toISOString()
    const line = JSON.stringify({ level: levels[name], time, msg: message, ...fields }, blank)
    write(`${escapeControls(line)}\n`)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

const secretNames = /^(?:set-)?cookie$|authorization|password|secret|token/i

/** A token of the library in any alphabet: the id may stay, the rest goes. */
const tokenShape = /([\w-]{22}|[0-9a-v]{52})\.[\w-]{43,52}/g

/** An API key: its public id may stay. */
const keyShape = /(sjk_[0-9a-f]{16})_[0-9a-f]{64}/g

function blank(name: string, value: unknown): unknown {
  if (secretNames.test(name)) return '[redacted]'
  if (value instanceof Error) return describe(value)
  return typeof value === 'string'
    ? value.replace(tokenShape, '$1.[redacted]').replace(keyShape, '$1_[redacted]')
    : value
}

function describe(error: Error): LogFields {
  const { name, message, stack, cause } = error
  return { type: name, message, stack, ...(cause === undefined ? {} : { cause }) }
}

/** JSON lets some line ends and terminal commands through that would make two lines of one. */
function escapeControls(line: string): string {
  return line.replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

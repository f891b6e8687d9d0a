import { pino } from 'pino'
import { blankFields, type LogFields } from './log/blank-fields.ts'
import { blankText } from './log/blank-text.ts'

/** What the server logs to; `pino()` fits. Fields come first, then the message. */
export interface Logger {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
}
export type { LogFields }

export const levels = ['debug', 'info', 'warn', 'error'] as const
export type Level = (typeof levels)[number]

export interface JsonLinesOptions {
  /** Gets one line, its end included. */
  readonly write: (line: string) => void
  /** `info` if left out; `silent`: nothing. */
  readonly level?: Level | 'silent'
  readonly now: () => number
  /** What every line says beside: which request it is about. */
  readonly around?: () => LogFields
}

/**
 * One line of JSON for each event, in UTC, with secrets blanked by name and by shape. The lines are pino's, and so are the
 * numbers of the levels. Blanking comes before pino: its own `redact` goes by paths that are known beforehand, and an error of
 * a library brings its headers wherever it likes.
 */
export function jsonLines({ write, level = 'info', now, around }: JsonLinesOptions): Logger {
  const lines = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date(now()).toISOString()}"`,
      serializers: {},
      hooks: { streamWrite: escapeControls },
    },
    { write },
  )
  const at = (name: Level) => (fields: LogFields, message: string) => {
    if (lines.isLevelEnabled(name)) lines[name]({ ...around?.(), ...blankFields(fields) }, blankText(message))
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** JSON lets some line ends and terminal commands through that would make two lines of one. */
function escapeControls(line: string): string {
  return line.replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

import { type Duration, formatDuration, parseDuration } from './duration.ts'
import { invalidOption } from './errors.ts'
import type { Millis } from './session.ts'

/** One option of a policy: its default, its sentence, how it is read, and how several layers that set it are combined. */
export interface Option<Value, Written = Value> {
  readonly fallback: Value
  /** What the option does, for a reference and for an administrator. */
  readonly says: string
  /** Across layers: the tightest value holds, or the one set nearest to the subject. */
  readonly combine: 'tightest' | 'nearest'
  /** Reads a written value, or throws `invalid_option` with the path. */
  readonly read: (written: Written | undefined, path: string) => Value
  /** Whether a written `null` means "as if left out" instead of a value. */
  readonly nullInherits?: true
  /** Which of two values allows less. */
  readonly tighter?: (a: Value, b: Value) => Value
  readonly show: (value: Value) => string
}

/** The table of a file's options; each entry reads what its policy property holds. */
export type Options<Policy> = { readonly [Key in keyof Policy]: Option<Policy[Key], never> }

/** What may be written for an option. */
export type Written<Entry> = Entry extends Option<infer _Value, infer W> ? W : never

/** A span that always limits. Zero is refused unless `zero` is given: people write it for "off", and it would mean "at once". */
export function span(fallback: Duration, says: string, zero?: 'zero'): Option<Millis, Duration> {
  return {
    fallback: known(fallback),
    says,
    combine: 'tightest',
    tighter: Math.min,
    read: (written, path) => readSpan(written, path, `a duration such as '30m'`, zero),
    show: formatDuration,
  }
}

/** A span, or `null` for no limit; never zero. */
export function spanOrNull(fallback: Duration | null, says: string): Option<Millis | null, Duration | null> {
  return {
    fallback: fallback === null ? null : known(fallback),
    says,
    combine: 'tightest',
    tighter: (a, b) => (a === null ? b : b === null ? a : Math.min(a, b)),
    read: (written, path) =>
      written === null ? null : readSpan(written, path, `a duration such as '30m', or null for no limit`),
    show: (value) => (value === null ? 'no limit' : formatDuration(value)),
  }
}

export function flag(fallback: boolean, says: string): Option<boolean> {
  return {
    fallback,
    says,
    combine: 'nearest',
    read(written, path) {
      if (typeof written !== 'boolean') throw invalidOption(path, 'true or false', written)
      return written
    },
    show: String,
  }
}

export function choice<const Value extends string>(
  values: readonly Value[],
  fallback: NoInfer<Value>,
  says: string,
): Option<Value> {
  return {
    fallback,
    says,
    combine: 'nearest',
    read(written, path) {
      const found = values.find((value) => value === written)
      if (found === undefined) throw invalidOption(path, `one of ${values.join(', ')}`, written)
      return found
    },
    show: String,
  }
}

/** A whole number from 0 to `most`. */
export function count(fallback: number, most: number, says: string): Option<number> {
  return {
    fallback,
    says,
    combine: 'nearest',
    read(written, path) {
      if (Number.isSafeInteger(written) && Number(written) >= 0 && Number(written) <= most)
        return Number(written)
      throw invalidOption(path, `a whole number from 0 to ${most}`, written)
    },
    show: String,
  }
}

/** A text that matches a pattern, described by `expected`. */
export function text(fallback: string, pattern: RegExp, expected: string, says: string): Option<string> {
  return {
    fallback,
    says,
    combine: 'nearest',
    read(written, path) {
      if (typeof written !== 'string' || !pattern.test(written)) throw invalidOption(path, expected, written)
      return written
    },
    show: String,
  }
}

/** Reads a span that must be there; `expected` completes the message. */
export function readSpan(written: unknown, path: string, expected: string, zero?: 'zero'): Millis {
  const millis = parseDuration(written)
  if (millis === undefined) throw invalidOption(path, expected, written)
  if (millis === 0 && zero === undefined) throw invalidOption(path, `${expected}, above zero`, written)
  return millis
}

function known(written: Duration): Millis {
  return readSpan(written, 'default', 'a duration')
}

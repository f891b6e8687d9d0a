/** Every code that the library throws, with the HTTP status that says the same. */
export const errorCodes = {
  invalid_option: 500,
  invalid_data: 400,
  data_too_large: 413,
  not_a_number: 409,
  revision_conflict: 409,
  session_gone: 401,
  no_session: 401,
  login_refused_by_limit: 403,
  login_disabled_by_limit: 403,
  acting_as_another: 403,
  fetched_ahead: 403,
  token_unknown: 401,
  store_unavailable: 503,
  store_full: 503,
  store_declines: 500,
  response_started: 500,
  cross_site_request: 403,
} as const satisfies Record<string, number>
export type ErrorCode = keyof typeof errorCodes

/** The one error of the library. `code` is stable; the message says what was expected, what came, and what to do. */
export class SessionError extends Error {
  override readonly name = 'SessionError'
  readonly code: ErrorCode
  /** The HTTP status that fits. */
  readonly status: number

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
    this.status = errorCodes[code]
  }
}

/** Says where a configured value stands, what was expected there and what came. Refused at construction, never later. */
export function invalidOption(path: string, expected: string, got: unknown): SessionError {
  return new SessionError('invalid_option', `${path}: expected ${expected}, got ${describe(got)}`)
}

function describe(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing'
    case 'function':
      return 'a function'
    case 'object':
      // It may be a client or a configuration, with what nobody should read in a log.
      return value === null ? 'null' : Array.isArray(value) ? 'an array' : 'an object'
    case 'string':
      return shortened(JSON.stringify(value))
    default:
      return shortened(String(value))
  }
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

/**
 * Why it could not be found out. None of them means that nobody is signed in, and none that somebody is: whoever catches one lets
 * nobody in. `unreachable`: no connection, twice. `timeout`: no whole answer in time. `key_refused`: the key is wrong, expired or
 * revoked. `scope_missing`: it may not do this. `rate_limited`: `retryAfter` says when. `unavailable`: the server cannot tell
 * now. `refused`: it did not understand the question. `bad_answer`: what answered is no Sojourn server.
 */
export type RemoteErrorCode =
  | 'unreachable'
  | 'timeout'
  | 'key_refused'
  | 'scope_missing'
  | 'rate_limited'
  | 'unavailable'
  | 'refused'
  | 'bad_answer'

/** The one error of the client. It holds neither a token nor the key. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError'
  readonly code: RemoteErrorCode
  /** Of the answer; `null`: there was none. */
  readonly status: number | null
  /** In seconds, where the server has said. */
  readonly retryAfter: number | null

  constructor(
    code: RemoteErrorCode,
    message: string,
    more: { readonly status?: number; readonly retryAfter?: number | null; readonly cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.code = code
    this.status = more.status ?? null
    this.retryAfter = more.retryAfter ?? null
  }
}

/** What a status means that is no answer to the question. */
export function refusal(status: number, retryAfter: string | null): RemoteError {
  const code = codes[status] ?? (status >= 500 ? 'unavailable' : 'refused')
  const seconds = retryAfter !== null && /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) : null
  return new RemoteError(code, `the server answered ${status}`, { status, retryAfter: seconds })
}

const codes: { readonly [status: number]: RemoteErrorCode } = {
  401: 'key_refused',
  403: 'scope_missing',
  429: 'rate_limited',
}

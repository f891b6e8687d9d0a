import type { Millis } from '../core/session.ts'
import { readSessionExpires, type Expiry } from './expiry.ts'

/** The part of `fetch` that is used here. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

export interface SessionFetchParts {
  readonly fetch: Fetch
  /** Waits, so that tests need not. */
  readonly wait: (delay: Millis) => Promise<void>
  /** Hears that a request was refused because nobody is signed in, with the server's word for why. */
  readonly onRefused?: (reason: string) => void
  /** Hears of every answer that says when the session ends. */
  readonly onExpiry?: (expiry: Expiry) => void
}

/** The longest time that a server can make a request wait before it is sent again. */
const longestWait = 5_000

/**
 * A `fetch` that knows sessions. A request that another one has overtaken (401 with the reason `retry`) is sent once more,
 * as it was, body and all, and never a third time. Every other answer is handed on as it came; what it says of the session
 * is told. Answers of other origins are nobody's business here.
 */
export function sessionFetch(parts: SessionFetchParts): Fetch {
  return async (input, init) => {
    // A body can be read once, so the first attempt gets a copy; a signal given in `init` ends both.
    const request = new Request(input, init)
    const answer = await parts.fetch(request.clone())
    if (!isForeign(answer) && (await refusalIn(answer))?.reason === 'retry') {
      await parts.wait(retryAfter(answer))
      return told(await parts.fetch(request), parts)
    }
    return told(answer, parts)
  }
}

async function told(answer: Response, { onRefused, onExpiry }: SessionFetchParts): Promise<Response> {
  if (isForeign(answer)) return answer
  const expiry = readSessionExpires(answer.headers.get('session-expires'))
  if (expiry !== undefined) onExpiry?.(expiry)
  const refusal = await refusalIn(answer)
  // A step-up asks for a newer login and ends nothing; `retry` means that somebody is signed in.
  if (refusal !== undefined && refusal.reason !== 'retry' && signedOut.has(refusal.error))
    onRefused?.(refusal.reason)
  return answer
}

const signedOut = new Set(['login_required', 'inactive_session'])

/** What a 401 with problem details (RFC 9457) says; `undefined`: the answer is no such refusal. */
async function refusalIn(
  answer: Response,
): Promise<{ readonly error: string; readonly reason: string } | undefined> {
  const type = answer.headers.get('content-type') ?? ''
  if (answer.status !== 401 || !type.startsWith('application/problem+json')) return undefined
  try {
    const { error, reason } = (await answer.clone().json()) as { readonly [name: string]: unknown }
    return typeof error === 'string' && typeof reason === 'string' ? { error, reason } : undefined
  } catch {
    return undefined
  }
}

function isForeign({ type }: Response): boolean {
  return type === 'cors' || type === 'opaque' || type === 'opaqueredirect'
}

function retryAfter(answer: Response): Millis {
  const seconds = Number(answer.headers.get('retry-after') ?? 0)
  return seconds > 0 ? Math.min(seconds * 1_000, longestWait) : 0
}

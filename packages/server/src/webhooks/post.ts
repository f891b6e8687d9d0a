import { lookup } from 'node:dns'
import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { type BlockList, isIP, type LookupFunction } from 'node:net'
import type { Millis } from 'sojourn'
import { mayReach } from './private-addresses.ts'

export interface Post {
  readonly url: URL
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

export interface Posted {
  /** `null`: nothing answered. */
  readonly status: number | null
  /** Why nothing did, in a word; `null`: something answered. */
  readonly error: string | null
  /** How long to leave it in peace, as far as it said. */
  readonly retryAfter: Millis | null
}

export interface Reach {
  /** Networks that may be reached although they are not of the Internet. */
  readonly allowed: BlockList
  /** For all of it: look-up, connection, request, answer. */
  readonly timeout: Millis
  /** Breaks it off. */
  readonly stop: AbortSignal
}

/** More of an answer nobody reads. */
const mostAnswer = 65_536

/**
 * Posts to an address that somebody has typed in. It goes where the look-up said that it may, and nowhere else: the address
 * that was judged is the one that is connected to, redirects are not followed, and of the answer only the status counts.
 * Never rejects.
 */
export function post({ url, headers, body }: Post, { allowed, timeout, stop }: Reach): Promise<Posted> {
  const failed = (error: string): Posted => ({ status: null, error, retryAfter: null })
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !mayReach(host, allowed)) return Promise.resolve(failed('refused_address'))
  const bytes = Buffer.from(body)
  return new Promise((resolve) => {
    const request = url.protocol === 'https:' ? tlsRequest : plainRequest
    const sent = request(
      url,
      {
        method: 'POST',
        agent: false,
        lookup: guardedLookup(allowed),
        signal: AbortSignal.any([AbortSignal.timeout(timeout), stop]),
        headers: { ...headers, 'content-length': bytes.length, 'user-agent': 'Sojourn-Webhooks' },
      },
      (answer) => {
        const status = answer.statusCode ?? 0
        const posted = { status, error: null, retryAfter: readRetryAfter(answer.headers['retry-after']) }
        let read = 0
        answer.on('data', (chunk: Buffer) => {
          read += chunk.length
          if (read > mostAnswer) answer.destroy()
        })
        // What is cut off in the answer does not matter: the status has come.
        answer.on('error', () => resolve(posted))
        answer.on('close', () => resolve(posted))
      },
    )
    sent.on('error', (error: Error) => resolve(failed(wordOf(error))))
    sent.end(bytes)
  })
}

/** Looks a name up, and fails where any of its addresses may not be reached: who mixes them means no good. */
function guardedLookup(allowed: BlockList): LookupFunction {
  return (name, options, done) => {
    lookup(name, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, [])
      if (addresses.some(({ address }) => !mayReach(address, allowed)))
        return done(Object.assign(new Error('refused address'), { code: 'refused_address' }), [])
      const [first] = addresses
      if (options.all === true || first === undefined) return done(null, addresses)
      return done(null, first.address, first.family)
    })
  }
}

/** The code of a failure, never its text: that may quote what somebody's server said. */
function wordOf(error: Error): string {
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'timeout'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'failed'
  return code === 'ABORT_ERR' ? 'timeout' : code.slice(0, 60)
}

const mostRetryAfter: Millis = 60 * 60_000

function readRetryAfter(written: string | undefined): Millis | null {
  return written !== undefined && /^\d{1,9}$/.test(written)
    ? Math.min(Number(written) * 1_000, mostRetryAfter)
    : null
}

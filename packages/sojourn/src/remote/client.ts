import { invalidOption } from '../core/errors.ts'
import { ask } from './ask.ts'
import { type IntrospectInput, type Introspection, readIntrospection } from './introspection.ts'
import { KnownActive } from './known-active.ts'
import { readOptions, type SojournClientOptions } from './options.ts'
import { refusal, RemoteError } from './remote-error.ts'
import {
  readVerification,
  type RequestHeaders,
  type VerifiedRequest,
  verifyHeaders,
  type VerifyInput,
  verifyQuery,
} from './verified-request.ts'

export interface SojournClient {
  /**
   * Whether a session token (the value of the session's cookie) is good, and whose it is. `{ active: false }` for whatever is
   * not. Throws `RemoteError` where it could not find out: let nobody in then.
   */
  introspect(token: string, input?: IntrospectInput): Promise<Introspection>
  /**
   * Whether a request is somebody's, by its headers: what a proxy would ask, with the refusal of requests from other sites. The server must
   * be told to trust whoever asks (`SOJOURN_TRUST_PROXY`). Throws as `introspect`.
   */
  verify(headers: RequestHeaders, input?: VerifyInput): Promise<VerifiedRequest>
}

/** A client of a Sojourn server. Options that do not read are refused here. */
export function createSojournClient(options: SojournClientOptions): SojournClient {
  const settings = readOptions(options)
  const { key, cache, now } = settings
  const known = cache === null ? undefined : new KnownActive(cache)
  return {
    async introspect(token, { touch = false, userAgent, ip } = {}) {
      if (key === undefined) throw invalidOption('key', 'an API key, to introspect with', undefined)
      const body = JSON.stringify({ token, touch, user_agent: userAgent, ip })
      const asked = now()
      const remembered = touch ? undefined : known?.find(body, asked)
      if (remembered !== undefined) return remembered
      const headers = {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        accept: 'application/json',
      }
      const answer = await ask(settings, '/api/v1/introspect', { method: 'POST', headers, body })
      if (answer.status !== 200) throw refusal(answer.status, answer.headers.get('retry-after'))
      const said = readIntrospection(answer.text)
      if (said === undefined) throw new RemoteError('bad_answer', 'the answer does not read', { status: 200 })
      if (!touch) known?.keep(body, said, asked)
      return said
    },
    async verify(headers, input = {}) {
      const path = `/api/v1/verify${verifyQuery(input)}`
      return readVerification(
        await ask(settings, path, { method: 'GET', headers: verifyHeaders(headers, input) }),
      )
    },
  }
}

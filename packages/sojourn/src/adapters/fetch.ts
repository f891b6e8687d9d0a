import type { Sessions } from '../create-sessions.ts'
import type { Exchange } from '../web/exchange.ts'
import { isReply, openVisit } from '../web/open.ts'
import { loginRequired, saveFailed } from '../web/reply.ts'
import type { Visit } from '../web/visit.ts'
import { responseOf } from './response-of.ts'

/** A handler of the Fetch standard that is given its visitor's session. */
export type Handler<D extends object> = (request: Request, visit: Visit<D>) => Response | Promise<Response>

/** A Fetch request, and the headers that its answer will get. */
export class FetchExchange implements Exchange {
  readonly ip: string | undefined
  readonly headers = new Headers()
  readonly #request: Request

  constructor(request: Request, ip?: string) {
    this.#request = request
    this.ip = ip
  }

  get method(): string {
    return this.#request.method
  }

  get url(): string {
    return this.#request.url
  }

  header(name: string): string | undefined {
    return this.#request.headers.get(name) ?? undefined
  }

  appendHeader(name: string, value: string): void {
    this.headers.append(name, value)
  }
}

/** For Bun, Deno, Workers, route handlers: whatever answers a `Request` with a `Response`. `ip`: the peer's address, if known. */
export function withSessions<D extends object>(auth: Sessions<D>, handler: Handler<D>) {
  return async (request: Request, ip?: string): Promise<Response> => {
    const exchange = new FetchExchange(request, ip)
    const visit = await openVisit<D>(auth, auth.web, exchange, () => {})
    if (isReply(visit)) return responseOf(visit)
    const response = await handler(request, visit)
    try {
      await visit.save()
    } catch (error) {
      return responseOf(saveFailed(exchange, auth.web.loginPath, error))
    }
    return withHeaders(response, exchange.headers)
  }
}

/** The answer for a visitor who is not logged in; `undefined` for one who is. */
export function requireLogin<D extends object>(
  auth: Sessions<D>,
  request: Request,
  visit: Visit<D>,
): Response | undefined {
  if (visit.isLoggedIn) return undefined
  return responseOf(loginRequired(new FetchExchange(request), auth.web.loginPath, visit.refusalReason))
}

/** A copy, since headers of responses from elsewhere cannot be changed. */
function withHeaders(response: Response, extra: Headers): Response {
  const copy = new Response(response.body, response)
  for (const [name, value] of extra) copy.headers.append(name, value)
  return copy
}

import { SessionError } from '../core/errors.ts'
import type { Sessions } from '../create-sessions.ts'
import type { Reply } from '../web/exchange.ts'
import { type FreshLogin, readFreshLogin, refuseGuest, refuseStale } from '../web/gate.ts'
import { isReply, openVisit } from '../web/open.ts'
import { failureReply } from '../web/reply.ts'
import type { Visit } from '../web/visit.ts'
import { FetchExchange, responseOf } from './fetch-exchange.ts'

/** A handler of the Fetch standard that is given its visitor's session. */
export type Handler<D extends object> = (request: Request, visit: Visit<D>) => Response | Promise<Response>

/**
 * For Bun, Deno, Workers, route handlers: whatever answers a `Request` with a `Response`. `ip`: the peer's address, if
 * known. An error of the library that the handler lets through is answered; any other one goes on to the caller.
 */
export function withSessions<D extends object>(auth: Sessions<D>, handler: Handler<D>) {
  return async (request: Request, ip?: string): Promise<Response> => {
    const exchange = new FetchExchange(request, ip)
    const visit = await openVisit<D>(auth, auth.web, exchange, exchange.hold)
    if (isReply(visit)) return exchange.answer(responseOf(visit), false)
    let response: Response
    try {
      response = await handler(request, visit)
    } catch (error) {
      if (!(error instanceof SessionError)) throw error
      response = responseOf(failureReply(exchange, auth.web, error))
    }
    const saved = visit.finish()
    if (saved === undefined) return exchange.answer(response, false)
    try {
      await saved
    } catch (error) {
      response = responseOf(failureReply(exchange, auth.web, error))
    }
    return exchange.answer(response, true)
  }
}

/** The answer for a visitor who is not logged in; `undefined` for one who is. */
export function requireLogin<D extends object>(
  auth: Sessions<D>,
  request: Request,
  visit: Visit<D>,
): Response | undefined {
  return answered(refuseGuest(new FetchExchange(request), auth.web, visit))
}

/** The answer for a visitor whose login is too old or too weak, such as `{ maxAge: '10m' }` asks; else `undefined`. */
export function requireFresh<D extends object>(
  auth: Sessions<D>,
  login: FreshLogin,
  request: Request,
  visit: Visit<D>,
): Response | undefined {
  return answered(refuseStale(new FetchExchange(request), auth.web, visit, readFreshLogin(login)))
}

function answered(reply: Reply | undefined): Response | undefined {
  return reply && responseOf(reply)
}

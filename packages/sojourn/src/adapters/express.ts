import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Sessions } from '../create-sessions.ts'
import type { Reply } from '../web/exchange.ts'
import { type FreshLogin, readFreshLogin, refuseGuest, refuseStale } from '../web/gate.ts'
import { isReply, openVisit } from '../web/open.ts'
import { failureReply } from '../web/reply.ts'
import type { Visit } from '../web/visit.ts'
import { HoldableResponse } from './holdable-response.ts'
import { NodeExchange, sendReply } from './node-exchange.ts'

declare global {
  // Express has its applications extend this namespace; it names no value.
  namespace Express {
    interface Request {
      session: Visit
    }
  }
}

type Handler = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void
interface Visited<D extends object> {
  session: Visit<D>
}

/** Gives every request its `req.session`. For Express 4 and 5, Connect, and whatever else takes such a middleware. */
export function sessions<D extends object>(auth: Sessions<D>): Handler {
  return (request, response, next) => {
    const answer = new HoldableResponse(response)
    const exchange = new NodeExchange(request, answer)
    let visit: Visit<D> | undefined
    const opened = openVisit<D>(auth, auth.web, exchange, (setsCookie) =>
      answer.hold(
        setsCookie,
        () => visit?.finish(),
        (error) => sendReply(response, failureReply(exchange, auth.web, error)),
      ),
    )
    const go = (opened: Awaited<ReturnType<typeof openVisit<D>>>): void => {
      if (isReply(opened)) return sendReply(response, opened)
      visit = opened
      const visited = request as unknown as Visited<D>
      visited.session = opened
      next()
    }
    if (opened instanceof Promise) opened.then(go, next)
    else go(opened)
  }
}

/** Lets only the logged-in pass; the others are sent to the login page, or get 401 with the reason. */
export function requireLogin<D extends object>(auth: Sessions<D>): Handler {
  return gate(auth, (exchange, visit) => refuseGuest(exchange, auth.web, visit))
}

/** Lets only a new or strong enough login pass: `requireFresh(auth, { maxAge: '10m' })`. The others are told what is missing. */
export function requireFresh<D extends object>(auth: Sessions<D>, login: FreshLogin): Handler {
  const need = readFreshLogin(login)
  return gate(auth, (exchange, visit) => refuseStale(exchange, auth.web, visit, need))
}

/** `req.session` with the type of the application's data. */
export function visitOf<D extends object>(_auth: Sessions<D>, request: object): Visit<D> {
  return (request as Visited<D>).session
}

function gate<D extends object>(
  auth: Sessions<D>,
  refuse: (exchange: NodeExchange, visit: Visit<object>) => Reply | undefined,
): Handler {
  return (request, response, next) => {
    const refusal = refuse(new NodeExchange(request, response), visitOf(auth, request))
    if (refusal === undefined) next()
    else sendReply(response, refusal)
  }
}

import type { Sessions } from '../create-sessions.ts'
import type { Reply } from '../web/exchange.ts'
import { type FreshLogin, readFreshLogin, refuseGuest, refuseStale } from '../web/gate.ts'
import { isReply, openVisit } from '../web/open.ts'
import { failureReply } from '../web/reply.ts'
import type { Visit } from '../web/visit.ts'
import { FetchExchange, responseOf } from './fetch-exchange.ts'

/** What we need of Hono's context. */
interface Context {
  readonly req: { readonly raw: Request }
  get res(): Response
  set res(response: Response | undefined)
  set(key: 'session', value: unknown): void
  get(key: 'session'): unknown
}
type Middleware = (context: Context, next: () => Promise<void>) => Promise<Response | undefined>

export interface HonoOptions {
  /** The peer's address, as the runtime tells it: `getConnInfo(c).remote.address`. */
  readonly ip?: (context: never) => string | undefined
}

/** Gives every request its `c.get('session')`. */
export function sessions<D extends object>(auth: Sessions<D>, options: HonoOptions = {}): Middleware {
  return async (context, next) => {
    const exchange = new FetchExchange(context.req.raw, options.ip?.(context as never))
    const visit = await openVisit<D>(auth, auth.web, exchange, exchange.hold)
    if (isReply(visit)) return exchange.answer(responseOf(visit), false)
    context.set('session', visit)
    await next()
    const saved = visit.finish()
    let response = context.res
    try {
      await saved
    } catch (error) {
      response = responseOf(failureReply(exchange, auth.web, error))
    }
    const answer = exchange.answer(response, saved !== undefined)
    if (answer === context.res) return undefined
    // Hono merges the headers of a response that it replaces; this one must stand alone.
    context.res = undefined
    context.res = answer
    return undefined
  }
}

/** Lets only the logged-in pass; the others are sent to the login page, or get 401 with the reason. */
export function requireLogin<D extends object>(auth: Sessions<D>): Middleware {
  return gate((exchange, visit) => refuseGuest(exchange, auth.web, visit))
}

/** Lets only a new or strong enough login pass: `requireFresh(auth, { maxAge: '10m' })`. The others are told what is missing. */
export function requireFresh<D extends object>(auth: Sessions<D>, login: FreshLogin): Middleware {
  const need = readFreshLogin(login)
  return gate((exchange, visit) => refuseStale(exchange, auth.web, visit, need))
}

function gate(refuse: (exchange: FetchExchange, visit: Visit<object>) => Reply | undefined): Middleware {
  return async (context, next) => {
    const visit = context.get('session') as Visit<object>
    const refusal = refuse(new FetchExchange(context.req.raw), visit)
    if (refusal !== undefined) return responseOf(refusal)
    await next()
    return undefined
  }
}

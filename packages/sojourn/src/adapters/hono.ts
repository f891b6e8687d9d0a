import type { Sessions } from '../create-sessions.ts'
import { isReply, openVisit } from '../web/open.ts'
import { failureReply, loginRequired } from '../web/reply.ts'
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
  return async (context, next) => {
    const visit = context.get('session') as Visit<D>
    if (visit.isLoggedIn) {
      await next()
      return undefined
    }
    const exchange = new FetchExchange(context.req.raw)
    return responseOf(loginRequired(exchange, auth.web.loginPath, visit.refusalReason))
  }
}

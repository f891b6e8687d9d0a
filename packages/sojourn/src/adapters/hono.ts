import type { Sessions } from '../create-sessions.ts'
import type { Exchange } from '../web/exchange.ts'
import { isReply, openVisit } from '../web/open.ts'
import { loginRequired, saveFailed } from '../web/reply.ts'
import type { Visit } from '../web/visit.ts'
import { responseOf } from './response-of.ts'

/** What we need of Hono's context. */
interface Context {
  readonly req: { readonly method: string; readonly url: string; header(name: string): string | undefined }
  res: Response
  header(name: string, value: string, options: { append: true }): void
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
    const exchange = exchangeOf(context, options)
    const visit = await openVisit<D>(auth, auth.web, exchange, () => {})
    if (isReply(visit)) return responseOf(visit)
    context.set('session', visit)
    await next()
    try {
      await visit.save()
      return undefined
    } catch (error) {
      // Hono merges the headers of a response that it replaces; this one must stand alone.
      context.res = new Response(null)
      return (context.res = responseOf(saveFailed(exchange, auth.web.loginPath, error)))
    }
  }
}

/** Lets only the logged-in pass; the others are sent to the login page, or get 401 with the reason. */
export function requireLogin<D extends object>(auth: Sessions<D>): Middleware {
  return async (context, next) => {
    const visit = context.get('session') as Visit<D>
    if (!visit.isLoggedIn)
      return responseOf(loginRequired(exchangeOf(context, {}), auth.web.loginPath, visit.refusalReason))
    await next()
    return undefined
  }
}

function exchangeOf(context: Context, { ip }: HonoOptions): Exchange {
  const { req } = context
  return {
    method: req.method,
    url: req.url,
    get ip() {
      return ip?.(context as never)
    },
    header: (name) => req.header(name),
    appendHeader: (name, value) => context.header(name, value, { append: true }),
  }
}

import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { matchedRoutes } from 'hono/route'
import { SessionError } from 'sojourn'
import { sessions as withSession } from 'sojourn/adapters/hono'
import { identify, refuseAccess } from './access.ts'
import { Busy } from './accounts/gate.ts'
import { refuse } from './answer.ts'
import { limitRefusal } from './limit-refusals.ts'
import { peerOf } from './exchange.ts'
import type { Asked, Env, Parts } from './parts.ts'
import { problemPages } from './problem-pages.ts'
import { mostBodyBytes, refuseContentType, refuseEmbedding, refuseZeroBytes } from './request-guards.ts'
import { hearPlace } from './places/hear-place.ts'
import { refuseKey } from './keys/refuse-key.ts'
import { backendRoutes, plainRoutes, sessionRoutes } from './routes/index.ts'
import type { Route } from './routes/route.ts'
import type { Scope } from './keys/scopes.ts'
import { noteRoute } from './telemetry/request-trail.ts'

/** The server as a list: what every request passes, in order, and then its route. */
export function createApp(parts: Parts): Hono<Env> {
  const app = new Hono<Env>()
  app.onError((error, asked) => explainError(asked, parts, error))
  for (const { method, path, handle } of plainRoutes)
    app.on(method, path, (asked) => {
      noteRoute(path)
      return handle(asked, parts)
    })
  for (const route of backendRoutes) {
    const { method, path, body } = route
    const answer = (asked: Asked) => {
      noteRoute(path)
      return serveBackend(asked, parts, route)
    }
    if (body === undefined) app.on(method, path, answer)
    else app.on(method, path, limitBody, answer)
  }
  const withVisit = createVisited(parts)
  // No route for all the rest: then every request here would pass two, the slower way.
  app.notFound((asked) => withVisit.fetch(asked.req.raw, asked.env))
  return app
}

/**
 * Everything else, where each request has its visit. An application of its own: what stands before each request of another
 * one is found among few routes, and passes nothing on its way.
 */
function createVisited(parts: Parts): Hono<Env> {
  const app = new Hono<Env>()
  app.onError((error, asked) => explainError(asked, parts, error))
  app.notFound((asked) => refuse(asked, 404, 'not_found', 'There is nothing at this address.'))
  app.use(nameRoute)
  app.use(problemPages)
  app.use(withSession(parts.sessions, { ip: peerOf }))
  app.use(limitBody)
  const { geo } = parts.config
  if (geo?.kind === 'header') app.use(hearPlace(parts, geo.name))
  // What this request has ended is kept for who is to hear of it before it is answered.
  app.use(async (_, next) => {
    await next()
    await parts.outbox.settled()
  })
  app.use(async (asked, next) => {
    const refused = refuseEmbedding(asked)
    if (refused !== undefined) return refused
    await identify(asked, parts)
    return next()
  })
  for (const route of sessionRoutes) app.on(route.method, route.path, (asked) => serve(asked, parts, route))
  return app
}

/** Says which route this will be, also where something before it refuses. */
function nameRoute(asked: Asked, next: () => Promise<void>): Promise<void> {
  const route = matchedRoutes(asked).find(({ path }) => path !== '/*')
  if (route !== undefined) noteRoute(route.path)
  return next()
}

/** Whether the client went away before it had sent the whole of its request. */
function hasLeft({ env }: Pick<Asked, 'env'>): boolean {
  const { incoming } = env
  return incoming !== undefined && incoming.destroyed && !incoming.complete
}

async function serve(asked: Asked, parts: Parts, route: Route): Promise<Response> {
  return (
    refuseAccess(asked, parts, route.access) ??
    refuseContentType(asked, route) ??
    (await refuseZeroBytes(asked, route)) ??
    (await route.handle(asked, parts))
  )
}

/** A route of programs is reached by a key alone, of the scope that it names. What has no scope is answered at once. */
function serveBackend(asked: Asked, parts: Parts, route: Route): Response | Promise<Response> {
  const { scope } = route
  return scope === undefined ? route.handle(asked, parts) : serveKey(asked, parts, route, scope)
}

async function serveKey(asked: Asked, parts: Parts, route: Route, scope: Scope): Promise<Response> {
  const refused = await refuseKey(asked, parts, scope)
  return (
    refused ??
    refuseContentType(asked, route) ??
    (await refuseZeroBytes(asked, route)) ??
    (await route.handle(asked, parts))
  )
}

const limitBody = bodyLimit({
  maxSize: mostBodyBytes,
  onError: (asked) =>
    refuse(asked as Asked, 413, 'too_large', `A request may carry ${mostBodyBytes} bytes at most.`),
})

/** What failed is logged; who asked hears a word and a sentence, never the inside. */
function explainError(asked: Asked, { log }: Parts, error: Error): Response {
  if (hasLeft(asked)) {
    log.debug({ err: error, method: asked.req.method, path: asked.req.path }, 'a request broke off')
    return refuse(asked, 400, 'incomplete_request', 'The request broke off before its end.')
  }
  if (error instanceof Busy || (error instanceof SessionError && error.status === 503)) {
    log.warn({ err: error }, 'unavailable')
    asked.header('Retry-After', '5')
    return refuse(asked, 503, 'unavailable', 'The server is busy. Try again in a moment.')
  }
  const refusal = limitRefusal(error)
  if (refusal !== undefined) return refuse(asked, 403, 'login_refused', refusal)
  log.error({ err: error, method: asked.req.method, path: asked.req.path }, 'a request failed')
  return refuse(asked, 500, 'internal', 'Something went wrong here. Try again later.')
}

import { SessionError } from '../core/errors.ts'
import type { RequestFacts } from '../core/session.ts'
import type { Awaitable } from '../core/store.ts'
import type { Engine } from '../engine/index.ts'
import { whenAnswered } from '../engine/store-call.ts'
import type { Verification } from '../engine/verify.ts'
import { isPassive } from './activity.ts'
import { cookieValues } from './cookie.ts'
import { isSafe, mayChangeState } from './csrf.ts'
import type { Exchange, Reply } from './exchange.ts'
import type { WebSettings } from './options.ts'
import { addressOf, originOf } from './origin.ts'
import { errorReply, tryAgain } from './reply.ts'
import { type Hold, type Opened, type Shape, Visit } from './visit.ts'

/**
 * Begins a request: the visit of whoever sent it, or a reply that ends it here (another site's request, a store that is
 * down). Answers at once where the store does. `hold` is called when the answer must wait for the visit's `finish()`.
 */
export function openVisit<D extends object = Shape>(
  engine: Engine,
  settings: WebSettings,
  exchange: Exchange,
  hold: Hold,
): Awaitable<Visit<D> | Reply> {
  const cookies = exchange.header('cookie')
  const values = cookieValues(cookies, settings.cookie)
  const [remembered] = cookieValues(cookies, settings.rememberCookie)
  const hasCookie = values.length > 0 || remembered !== undefined
  if (settings.refuseCrossSite && !isSafe(exchange.method)) {
    exchange.appendHeader('Vary', 'Origin, Sec-Fetch-Site')
    const { origin } = originOf(exchange, settings.trustProxy)
    if (!mayChangeState(exchange, origin, hasCookie)) return crossSite
  }
  exchange.appendHeader('Vary', 'Cookie')
  if (hasCookie) exchange.appendHeader('Cache-Control', 'no-store')
  const facts: RequestFacts = {
    userAgent: exchange.header('user-agent') ?? null,
    ip: addressOf(exchange, settings.trustProxy),
    passive: isPassive(exchange),
  }
  const visit = (opened: Opened): Visit<D> => new Visit<D>(engine, settings, exchange, facts, opened, hold)
  const failed = (error: unknown): Visit<D> | Reply => {
    if (!(error instanceof SessionError)) throw error
    if (error.code === 'store_unavailable')
      return settings.serveWithoutStore(exchange)
        ? visit({ state: 'none', cause: 'unavailable' })
        : errorReply(error)
    // A record that was damaged opens nothing; whoever held it can log in anew.
    if (error.code !== 'invalid_data') throw error
    settings.report(error)
    return visit({ state: 'none', cause: 'unknown' })
  }
  const go = (verified: Verification): Awaitable<Visit<D> | Reply> =>
    remembered === undefined || verified.state === 'active' || facts.passive
      ? visit(verified)
      : restored(engine, exchange, remembered, facts, verified).then(
          (opened) => ('body' in opened ? opened : visit(opened)),
          failed,
        )
  try {
    const verified = verifyAny(engine, settings, values, cookies, facts)
    return verified instanceof Promise ? verified.then(go).catch(failed) : go(verified)
  } catch (error) {
    return failed(error)
  }
}

/** Whether what `openVisit` gave ends the request. */
export function isReply(opened: object): opened is Reply {
  return 'body' in opened
}

/** Verifies the cookie; where there is none, the one of the former name, whose token the answer gives its new name. */
function verifyAny(
  engine: Engine,
  { formerCookie }: WebSettings,
  values: readonly string[],
  cookies: string | undefined,
  facts: RequestFacts,
): Awaitable<Verification> {
  const [former] = values.length > 0 || !formerCookie ? [] : cookieValues(cookies, formerCookie)
  if (former === undefined) return verifyFirst(engine, values, facts)
  return whenAnswered(engine.verify(former, facts), (verified) =>
    verified.state === 'active'
      ? { ...verified, token: verified.token ?? engine.parse(former) ?? null }
      : verified,
  )
}

/** Several cookies of one name: the first that opens a live session counts, wherever it stands; then the first that did. */
function verifyFirst(
  engine: Engine,
  values: readonly string[],
  facts: RequestFacts,
): Awaitable<Verification> {
  const [value, ...others] = values
  const first = engine.verify(value, facts)
  if (others.length === 0) return first
  return whenAnswered(first, (found) => {
    if (found.state === 'active') return found
    return whenAnswered(verifyFirst(engine, others, facts), (later) =>
      later.state === 'active' || found.state === 'none' ? later : found,
    )
  })
}

/** Nobody is logged in, and the device is remembered: its refresh token is spent within the request that found it so. */
async function restored(
  engine: Engine,
  exchange: Exchange,
  refresh: string,
  facts: RequestFacts,
  verified: Verification,
): Promise<Opened | Reply> {
  try {
    const restoration = await engine.restore(refresh, facts)
    if (restoration.state === 'none') return verified
    return restoration.state === 'late' ? tryAgain(exchange) : restoration
  } catch (error) {
    // The limit refuses a restoration as it does a login; the person is asked to log in, and told there.
    if (error instanceof SessionError && error.status === 403) return verified
    throw error
  }
}

const crossSite = errorReply(new SessionError('cross_site_request', 'a request from another site'))

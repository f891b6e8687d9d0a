import type { RefusalReason } from '../reasons.ts'
import type { Session, Sessions, Visit } from 'sojourn'
import { challengeOf } from 'sojourn/core'
import { cookieValues, isReply, openVisit, problem, wantsPage, type WebSettings } from 'sojourn/web'
import { type Account, sessionRoles } from '../accounts/account.ts'
import { refuse, replyAnswer } from '../answer.ts'
import { verifyQuery } from '../api/verify-schemas.ts'
import { ForwardedRequest } from '../forward/forwarded-request.ts'
import { sessionHeaders } from '../forward/session-headers.ts'
import { type VerifyNeeds, verifyNeeds } from '../forward/verify-needs.ts'
import { wayToSignIn } from '../forward/way-to-sign-in.ts'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'

/** For proxies: whether the request that they are about to hand on is somebody's, and whose. */
export const apiVerifyRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/verify',
    access: 'signed-in',
    api: {
      summary:
        'For a proxy (forward authentication): who asks, in headers. 401 with X-Sojourn-Login where nobody is signed in, 403 where a role or a fresher, stronger sign-in is missing.',
      query: verifyQuery,
      answers: { 200: null, 302: null },
    },
    handle: verify,
  },
]

/** At once where all that it takes is in memory: this stands before each request of the application. */
function verify(asked: Asked, parts: Parts): Response | Promise<Response> {
  const { config, sessions } = parts
  const { url } = asked.req
  const question = url.indexOf('?')
  const needs = verifyNeeds(question === -1 ? '' : url.slice(question + 1))
  if ('fault' in needs) return refuse(asked, 400, 'invalid_request', `${needs.fault}.`)
  const request = new ForwardedRequest(asked, config.trustProxy)
  const opened = openVisit<object>(sessions, settingsFor(sessions, needs), request, hold)
  return whenThere(opened, (visit) => {
    if (isReply(visit)) return replyAnswer(asked, visit)
    return whenThere(visit.finish(), () => answerFor(asked, parts, { request, needs, visit }))
  })
}

interface Verified {
  readonly request: ForwardedRequest
  readonly needs: VerifyNeeds
  readonly visit: Visit<object>
}

function answerFor(
  asked: Asked,
  parts: Parts,
  { request, needs, visit }: Verified,
): Response | Promise<Response> {
  const { sessions, knownAccounts } = parts
  const { session } = visit
  if (session === null || session.subject === null)
    return refuseNobody(asked, parts, request, needs, reasonOf(visit, parts, request))
  const { subject } = session
  return whenThere(knownAccounts.usable(subject), (account) => {
    if (account !== undefined) return letThrough(asked, parts, { request, needs, visit }, session, account)
    return sessions
      .end({ subject }, 'account_disabled')
      .then(() => refuseNobody(asked, parts, request, needs, 'account_disabled'))
  })
}

function letThrough(
  asked: Asked,
  parts: Parts,
  { request, needs, visit }: Verified,
  session: Session,
  account: Account,
): Response {
  const refused = refuseWeak(asked, parts, request, needs, visit, account)
  if (refused !== undefined) return refused
  const headers = sessionHeaders(session, account)
  // The usual answer is made of one plain object, which costs the least.
  if (request.cookies.length === 0) return new Response(null, { headers })
  for (const cookie of request.cookies) asked.header('Set-Cookie', cookie, { append: true })
  return asked.body(null, 200, headers)
}

function whenThere<A, B>(there: A | Promise<A>, goOn: (value: A) => B | Promise<B>): B | Promise<B> {
  return there instanceof Promise ? there.then(goOn) : goOn(there)
}

/** The answer waits for `finish` anyway. */
const hold = (): void => {}

/** By needs: those of one query are one object. */
const settings = new WeakMap<Sessions<object>, WeakMap<VerifyNeeds, WebSettings>>()

/**
 * The server's own, for the application's request. No refresh token is spent here: it would need two cookies of an answer
 * that not every proxy hands on whole, and a device whose new one is lost looks stolen afterwards. Whoever looks at a page is
 * sent to the sign-in, which restores the session and leads back without asking. Nor does a guest pass while the store is down.
 */
function settingsFor(sessions: Sessions<object>, needs: VerifyNeeds): WebSettings {
  const all = settings.get(sessions) ?? new WeakMap<VerifyNeeds, WebSettings>()
  settings.set(sessions, all)
  const known = all.get(needs)
  if (known !== undefined) return known
  const made: WebSettings = {
    ...sessions.web,
    activity: needs.activity,
    rememberCookie: '',
    formerRememberCookie: undefined,
    visitorCookie: '',
    serveWithoutStore: () => false,
  }
  all.set(needs, made)
  return made
}

function reasonOf(visit: Visit<object>, { sessions }: Parts, request: ForwardedRequest): RefusalReason {
  if (visit.ended !== null) return visit.ended.reason
  const presented = cookieValues(request.header('cookie'), sessions.web.cookie).length > 0
  return presented && visit.session === null ? 'inactive_session' : 'login_required'
}

function refuseNobody(
  asked: Asked,
  { config }: Parts,
  request: ForwardedRequest,
  { redirect }: VerifyNeeds,
  reason: RefusalReason,
): Response {
  const leads = leadToSignIn(asked, config, request, redirect, reason)
  if (leads !== undefined) return leads
  const error = reason === 'login_required' ? reason : 'inactive_session'
  return replyAnswer(asked, problem(401, error, reason, 'This request needs a signed-in session.'))
}

/** 403 where somebody is signed in and that is not enough. */
function refuseWeak(
  asked: Asked,
  { config }: Parts,
  request: ForwardedRequest,
  { roles, freshness, redirect }: VerifyNeeds,
  visit: Visit<object>,
  account: Account,
): Response | undefined {
  if (roles.length > 0 && !sessionRoles(account).some((role) => roles.includes(role)))
    return replyAnswer(asked, problem(403, 'forbidden', 'role_required', 'This is for another role.'))
  const fresh = freshness === undefined ? undefined : visit.freshness(freshness)
  if (fresh === undefined || fresh.ok) return undefined
  const leads = leadToSignIn(asked, config, request, redirect, 'reauth_required')
  if (leads !== undefined) return leads
  asked.header('WWW-Authenticate', challengeOf(fresh))
  const detail = 'This request needs a newer or stronger sign-in.'
  return replyAnswer(asked, problem(403, fresh.error, fresh.reason, detail))
}

/** Names the sign-in to whoever looks at pages, and leads there where the proxy hands that on; a program hears its status alone. */
function leadToSignIn(
  asked: Asked,
  config: Parts['config'],
  request: ForwardedRequest,
  redirect: boolean,
  reason: string,
): Response | undefined {
  if (!wantsPage(request)) return undefined
  const way = wayToSignIn(config, request, reason)
  asked.header('X-Sojourn-Login', way)
  if (!redirect) return undefined
  asked.header('Cache-Control', 'no-store')
  return asked.redirect(way, 302)
}

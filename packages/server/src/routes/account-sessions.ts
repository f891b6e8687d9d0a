import { frameOf, pageAnswer, refuse, seeOther } from '../answer.ts'
import { accountSessions } from '../pages/account-sessions.ts'
import type { Notice } from '../pages/page.ts'
import type { Asked, Parts } from '../parts.ts'
import { listPage } from './list-page.ts'
import { endOthers, endOwn } from './own-sessions.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'
import { refuseStale } from './fresh.ts'

const path = '/account/sessions'

export const accountSessionsRoutes: readonly Route[] = [
  { method: 'GET', path, access: 'signed-in', handle: showSessions },
  { method: 'POST', path: `${path}/end-others`, access: 'signed-in', body: 'form', handle: endTheOthers },
  { method: 'POST', path: `${path}/:id/end`, access: 'signed-in', body: 'form', handle: endOne },
]

/** What was done, told on the page that follows. The words in the address come from a closed list. */
const notices: { readonly [done: string]: Notice } = {
  ended: { kind: 'success', text: 'The session was ended. That browser is told at its next request.' },
  others: { kind: 'success', text: 'All your other sessions were ended.' },
}

async function showSessions(asked: Asked, parts: Parts): Promise<Response> {
  const account = signedIn(asked)
  const page = await listPage(asked, parts, { subject: account.id, limit: 50 })
  if (page === undefined)
    return refuse(asked, 400, 'invalid_request', 'This page of the list does not exist.')
  const done = asked.req.query('done')
  const notice = done !== undefined && Object.hasOwn(notices, done) ? notices[done] : undefined
  return pageAnswer(
    asked,
    accountSessions({
      ...frameOf(asked),
      notice,
      now: parts.sessions.now(),
      sessions: page.items.map((session) => ({ ...session, isCurrent: session.id === asked.var.session.id })),
      cursor: page.cursor,
      isLaterPage: (asked.req.query('cursor') ?? '') !== '',
    }),
  )
}

async function endOne(asked: Asked, parts: Parts): Promise<Response> {
  const stale = refuseStale(asked, parts, path)
  if (stale !== undefined) return stale
  const ended = await endOwn(asked, parts, signedIn(asked), asked.req.param('id') ?? '')
  if (!ended) return refuse(asked, 404, 'not_found', 'You have no such session.')
  return seeOther(asked, asked.var.session.isLoggedIn ? `${path}?done=ended` : '/login?reason=user_logout')
}

async function endTheOthers(asked: Asked, parts: Parts): Promise<Response> {
  const stale = refuseStale(asked, parts, path)
  if (stale !== undefined) return stale
  await endOthers(asked, parts, signedIn(asked))
  return seeOther(asked, `${path}?done=others`)
}

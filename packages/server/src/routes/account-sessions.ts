import { frameOf, pageAnswer, refuse, seeOther } from '../answer.ts'
import { accountSessions } from '../pages/account-sessions.ts'
import type { Notice } from '../pages/page.ts'
import type { Asked, Parts } from '../parts.ts'
import { stateOf } from '../session-state.ts'
import { cursorOf } from './list-page.ts'
import { ownPage } from './own-page.ts'
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
  const page = await ownPage(asked, parts, 50)
  if (page === undefined)
    return refuse(asked, 400, 'invalid_request', 'This page of the list does not exist.')
  const now = parts.sessions.now()
  const done = asked.req.query('done')
  const notice = done !== undefined && Object.hasOwn(notices, done) ? notices[done] : undefined
  return pageAnswer(
    asked,
    accountSessions({
      ...frameOf(asked),
      notice,
      now,
      placeOf: await parts.places.of(page.items),
      placesAbout: parts.places.about,
      sessions: page.items.map((session) => ({
        ...session,
        isCurrent: session.id === asked.var.session.id,
        restorableUntil: stateOf(session, now) === 'restorable' ? session.rememberedUntil : null,
      })),
      cursor: page.cursor,
      isLaterPage: cursorOf(asked) !== undefined,
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

import type { Page } from 'sojourn'
import { shownAs } from '../accounts/made-up-address.ts'
import { frameOf, pageAnswer, refuse, seeOther } from '../answer.ts'
import { pageOf, readSessionFilter } from '../filter/read-filter.ts'
import { novaAuthSession } from '../pages/nova-auth-session.ts'
import { novaAuthSessions, type NovaAuthSessionsView } from '../pages/nova-auth-sessions.ts'
import { linkedSessions } from '../linked-sessions.ts'
import type { Asked, Parts } from '../parts.ts'
import { toldOfEnding } from '../told-of-ending.ts'
import { noteIn } from './note-in.ts'
import { cursorOf, listPage } from './list-page.ts'
import type { Route } from './route.ts'
import { listInput, readFilter } from './session-filter.ts'
import { signedIn } from './signed-in.ts'

const path = '/nova/resources/auth-sessions'

export const novaAuthSessionsRoutes: readonly Route[] = [
  { method: 'GET', path, access: 'super-admin', handle: showSessions },
  { method: 'GET', path: `${path}/:id`, access: 'super-admin', handle: showSession },
  { method: 'POST', path: `${path}/:id/end`, access: 'super-admin', body: 'form', handle: endSession },
]

async function showSessions(asked: Asked, parts: Parts): Promise<Response> {
  const text = (asked.req.query('filter') ?? '').trim()
  if (text !== '') return showSearched(asked, parts, text)
  const filter = readFilter(asked)
  const page =
    filter && (await listPage(parts, { ...(await listInput(parts, filter)), limit }, cursorOf(asked)))
  if (filter === undefined || page === undefined) return noPage(asked)
  return showList(asked, parts, page, { filter })
}

const limit = 50

/** What the search field asks for. What does not read is shown at its place, and no list with it. */
async function showSearched(asked: Asked, parts: Parts, text: string): Promise<Response> {
  const filter = await readSessionFilter(parts, text)
  if ('fault' in filter) {
    const none = { items: [], cursor: null }
    return showList(asked, parts, none, { filter: {}, search: { text, fault: filter.fault } })
  }
  const page = await pageOf(parts, filter, { limit, cursor: cursorOf(asked) })
  if (page === undefined) return noPage(asked)
  const told = /^\d{1,6}$/.exec(asked.req.query('ended') ?? '')?.[0]
  const ended = told === undefined ? undefined : Number(told)
  return showList(asked, parts, page, { filter: {}, search: { text }, ended })
}

async function showList(
  asked: Asked,
  { accounts, sessions, places }: Parts,
  { items, cursor }: Page,
  how: Pick<NovaAuthSessionsView, 'filter' | 'search' | 'ended'>,
): Promise<Response> {
  const names = await accounts.findAll(items.flatMap(({ subject }) => subject ?? []))
  const markup = novaAuthSessions({
    ...frameOf(asked),
    ...how,
    now: sessions.now(),
    placeOf: await places.of(items),
    placesAbout: places.about,
    sessions: items.map((session) => {
      const account = names.get(session.subject ?? '')
      return { ...session, subjectName: account && shownAs(account) }
    }),
    cursor,
    isLaterPage: cursorOf(asked) !== undefined,
  })
  return pageAnswer(asked, markup, how.search?.fault === undefined ? 200 : 400)
}

function noPage(asked: Asked): Response {
  return refuse(asked, 400, 'invalid_request', 'There is no such page of sessions.')
}

async function showSession(asked: Asked, parts: Parts): Promise<Response> {
  const { sessions, accounts, integrationSessions, places } = parts
  const id = asked.req.param('id') ?? ''
  const session = await sessions.get(id)
  if (session === undefined)
    return refuse(asked, 404, 'not_found', 'There is no such session, or it was purged.')
  const account = session.subject === null ? undefined : await accounts.find(session.subject)
  return pageAnswer(
    asked,
    novaAuthSession({
      ...frameOf(asked),
      now: sessions.now(),
      session,
      placeOf: await places.of([session]),
      placesAbout: places.about,
      subjectName: account && shownAs(account),
      explanation: session.endedAt === null ? await sessions.explain(id) : undefined,
      integration: await integrationSessions.beganBy(id),
      links: await linkedSessions(sessions, session),
      isCurrent: id === asked.var.session.id,
    }),
  )
}

async function endSession(asked: Asked, { sessions, log }: Parts): Promise<Response> {
  const id = asked.req.param('id') ?? ''
  if ((await sessions.get(id)) === undefined)
    return refuse(asked, 404, 'not_found', 'There is no such session, or it was purged.')
  const note = await noteIn(asked)
  if (note === undefined) return refuse(asked, 400, 'invalid_request', 'Expected a note of one line.')
  const by = signedIn(asked).id
  const reason = 'admin_revoked'
  const ended = await sessions.end({ id }, reason, by)
  toldOfEnding(log, { by, which: { id }, reason, count: ended.length, note })
  return seeOther(asked, `${path}/${encodeURIComponent(id)}`)
}

import { frameOf, pageAnswer, refuse, seeOther } from '../answer.ts'
import { novaAuthSession } from '../pages/nova-auth-session.ts'
import { novaAuthSessions } from '../pages/nova-auth-sessions.ts'
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
  const filter = readFilter(asked)
  const cursor = cursorOf(asked)
  const page = filter && (await listPage(parts, { ...(await listInput(parts, filter)), limit: 50 }, cursor))
  if (filter === undefined || page === undefined)
    return refuse(asked, 400, 'invalid_request', 'There is no such page of sessions.')
  const subjects = page.items.flatMap(({ subject }) => subject ?? [])
  const names = await parts.accounts.findAll(subjects)
  return pageAnswer(
    asked,
    novaAuthSessions({
      ...frameOf(asked),
      now: parts.sessions.now(),
      filter,
      sessions: page.items.map((session) => ({
        ...session,
        subjectName: names.get(session.subject ?? '')?.email,
      })),
      cursor: page.cursor,
      isLaterPage: cursor !== undefined,
    }),
  )
}

async function showSession(asked: Asked, { sessions, accounts }: Parts): Promise<Response> {
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
      subjectName: account?.email,
      explanation: session.endedAt === null ? await sessions.explain(id) : undefined,
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

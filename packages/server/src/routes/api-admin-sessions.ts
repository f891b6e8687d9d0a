import { maxLength, object, optional, pipe, safeParse, string } from 'valibot'
import { refuse } from '../answer.ts'
import { sessionDetailSchema, sessionsSchema } from '../api/session-schemas.ts'
import { pageOf, readSessionFilter } from '../filter/read-filter.ts'
import { linkedSessions } from '../linked-sessions.ts'
import type { Asked, Parts } from '../parts.ts'
import { cursorOf, listPage } from './list-page.ts'
import { sessionPolicyView } from './nova-effective-policy.ts'
import { pageSize } from './page-size.ts'
import { refuseFilter } from './refuse-filter.ts'
import type { Route } from './route.ts'
import { listInput, listQuery, readFilter } from './session-filter.ts'
import { pageView, sessionView } from './session-view.ts'

const path = '/api/v1/admin/sessions'

const query = object({
  filter: optional(string()),
  ...listQuery.entries,
  ...pageSize.entries,
  cursor: optional(pipe(string(), maxLength(2_048))),
})

export const apiAdminSessionsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    access: 'super-admin',
    api: {
      summary:
        'Sessions, newest first. A page may hold fewer than asked for and still have a cursor: then the next one goes on.',
      query,
      answers: { 200: sessionsSchema },
    },
    handle: listAll,
  },
  {
    method: 'GET',
    path: `${path}/:id`,
    access: 'super-admin',
    api: {
      summary:
        'One session: what the rules say of it, what it is linked with, what was done in it, its policy.',
      answers: { 200: sessionDetailSchema },
    },
    handle: showOne,
  },
]

async function listAll(asked: Asked, parts: Parts): Promise<Response> {
  const size = safeParse(query, asked.req.query())
  const text = asked.req.query('filter')
  const simple = readFilter(asked)
  const isBoth = text !== undefined && Object.values(simple ?? {}).some((value) => value !== undefined)
  if (simple === undefined || !size.success || isBoth)
    return refuse(
      asked,
      400,
      'invalid_request',
      'Expected filter, or subject, state (live, restorable, ended, any), reason, method; limit (1 to 1000), cursor.',
    )
  const { limit } = size.output
  if (text !== undefined) {
    const filter = await readSessionFilter(parts, text)
    if ('fault' in filter) return refuseFilter(asked, filter.fault)
    return answer(asked, parts, await pageOf(parts, filter, { limit, cursor: cursorOf(asked) }))
  }
  return answer(
    asked,
    parts,
    await listPage(parts, { ...(await listInput(parts, simple)), limit }, cursorOf(asked)),
  )
}

async function answer(
  asked: Asked,
  parts: Parts,
  page: Awaited<ReturnType<typeof listPage>>,
): Promise<Response> {
  if (page === undefined)
    return refuse(asked, 400, 'invalid_request', 'cursor: expected one of an earlier page.')
  return asked.json(await pageView(page, asked.var.session.id, parts))
}

async function showOne(asked: Asked, parts: Parts): Promise<Response> {
  const { sessions } = parts
  const id = asked.req.param('id') ?? ''
  const session = await sessions.get(id)
  if (session === undefined)
    return refuse(asked, 404, 'not_found', 'There is no such session, or it was purged.')
  const explanation = session.endedAt === null ? await sessions.explain(id) : undefined
  const { above, below, complete } = await linkedSessions(sessions, session)
  const placeOf = await parts.places.of([session, ...above, ...below])
  const view = (one: typeof session) => sessionView(one, asked.var.session.id, sessions.now(), placeOf)
  return asked.json({
    session: view(session),
    trace: explanation?.trace ?? null,
    links: { above: above.map(view), below: below.map(view), complete },
    activities: await sessions.activities.list(id),
    policy: await sessionPolicyView(parts, session),
  })
}

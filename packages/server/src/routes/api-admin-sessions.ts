import type { Which } from 'sojourn'
import {
  check,
  integer,
  literal,
  maxLength,
  maxValue,
  minValue,
  number,
  object,
  optional,
  pipe,
  safeParse,
  strictObject,
  string,
  toNumber,
  type InferOutput,
} from 'valibot'
import { refuse } from '../answer.ts'
import type { Asked, Parts } from '../parts.ts'
import { cursorOf, listPage } from './list-page.ts'
import type { Route } from './route.ts'
import { listInput, readFilter } from './session-filter.ts'
import { pageView, sessionView } from './session-view.ts'
import { signedIn } from './signed-in.ts'

const path = '/api/v1/admin/sessions'

export const apiAdminSessionsRoutes: readonly Route[] = [
  { method: 'GET', path, access: 'super-admin', handle: listAll },
  { method: 'GET', path: `${path}/:id`, access: 'super-admin', handle: showOne },
  { method: 'POST', path: `${path}/end`, access: 'super-admin', body: 'json', handle: endMany },
]

const pageSize = object({
  limit: optional(pipe(string(), toNumber(), integer(), minValue(1), maxValue(1_000)), '50'),
})

/** What to end. At least one member, or `all`: an empty object must not sign everybody out. */
const endBody = pipe(
  strictObject({
    id: optional(pipe(string(), maxLength(128))),
    subject: optional(pipe(string(), maxLength(256))),
    method: optional(pipe(string(), maxLength(64))),
    unseen_since: optional(pipe(number(), integer(), minValue(0))),
    all: optional(literal(true)),
    except: optional(literal('current')),
  }),
  check((body) => Object.keys(body).some((key) => key !== 'except')),
)

async function listAll(asked: Asked, parts: Parts): Promise<Response> {
  const filter = readFilter(asked)
  const size = safeParse(pageSize, asked.req.query())
  if (filter === undefined || !size.success)
    return refuse(
      asked,
      400,
      'invalid_request',
      'Expected subject, state (live, restorable, ended, any), reason, method, limit (1 to 1000), cursor.',
    )
  const which = { ...(await listInput(parts, filter)), limit: size.output.limit }
  const page = await listPage(parts, which, cursorOf(asked))
  if (page === undefined)
    return refuse(asked, 400, 'invalid_request', 'cursor: expected one of an earlier page.')
  return asked.json(pageView(page, asked.var.session.id, parts.sessions.now()))
}

async function showOne(asked: Asked, { sessions }: Parts): Promise<Response> {
  const id = asked.req.param('id') ?? ''
  const session = await sessions.get(id)
  if (session === undefined)
    return refuse(asked, 404, 'not_found', 'There is no such session, or it was purged.')
  const explanation = session.endedAt === null ? await sessions.explain(id) : undefined
  return asked.json({
    session: sessionView(session, asked.var.session.id, sessions.now()),
    trace: explanation?.trace ?? null,
  })
}

/** Answers with how many were ended. `ended_by` names the administrator on each. */
async function endMany(asked: Asked, { sessions, log }: Parts): Promise<Response> {
  const read = safeParse(endBody, await asked.req.json().catch(() => undefined))
  if (!read.success)
    return refuse(
      asked,
      400,
      'invalid_request',
      'Expected id, subject, method or unseen_since, or all: true; except: "current" spares this session.',
    )
  const admin = signedIn(asked)
  const which = whichOf(read.output, asked.var.session.id)
  const reason = read.output.all === true ? 'bulk_revoked' : 'admin_revoked'
  const ended = await sessions.end(which, reason, admin.id)
  log.info(
    { event: 'sessions.revoked', by: admin.id, which, reason, count: ended.length },
    'an administrator ended sessions',
  )
  return asked.json({ ended: ended.length })
}

function whichOf(body: InferOutput<typeof endBody>, current: string | null): Which {
  const { id, subject, method, unseen_since, except } = body
  return {
    ...(id === undefined ? {} : { id }),
    ...(subject === undefined ? {} : { subject }),
    ...(method === undefined ? {} : { method }),
    ...(unseen_since === undefined ? {} : { unseenSince: unseen_since }),
    ...(except === undefined || current === null ? {} : { except: current }),
  }
}

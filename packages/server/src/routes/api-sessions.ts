import { literal, object, optional, string } from 'valibot'
import { refuse } from '../answer.ts'
import { countSchema, sessionsSchema } from '../api/session-schemas.ts'
import type { Asked, Parts } from '../parts.ts'
import { refuseStale } from './fresh.ts'
import { ownPage } from './own-page.ts'
import { endOthers, endOwn } from './own-sessions.ts'
import type { Route } from './route.ts'
import { pageView } from './session-view.ts'
import { signedIn } from './signed-in.ts'

const path = '/api/v1/sessions'

export const apiSessionsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    access: 'signed-in',
    api: {
      summary: 'Your own sessions: the live ones, then those that can come back.',
      query: object({ cursor: optional(string()) }),
      answers: { 200: sessionsSchema },
    },
    handle: listOwn,
  },
  {
    method: 'DELETE',
    path,
    access: 'signed-in',
    api: {
      summary: 'Ends all your sessions but the one that asks.',
      query: object({ except: literal('current') }),
      answers: { 200: countSchema },
    },
    handle: deleteOthers,
  },
  {
    method: 'DELETE',
    path: `${path}/:id`,
    access: 'signed-in',
    api: { summary: 'Ends one of your sessions.', answers: { 204: null } },
    handle: deleteOne,
  },
]

/** The person's own sessions: the live ones, then those that can come back. Seeing them never asks for a fresh sign-in. */
async function listOwn(asked: Asked, parts: Parts): Promise<Response> {
  const page = await ownPage(asked, parts, 100)
  if (page === undefined)
    return refuse(asked, 400, 'invalid_request', 'cursor: expected one of an earlier page.')
  return asked.json(await pageView(page, asked.var.session.id, parts))
}

async function deleteOne(asked: Asked, parts: Parts): Promise<Response> {
  const stale = refuseStale(asked, parts, '/account/sessions')
  if (stale !== undefined) return stale
  const ended = await endOwn(asked, parts, signedIn(asked), asked.req.param('id') ?? '')
  return ended ? asked.body(null, 204) : refuse(asked, 404, 'not_found', 'You have no such session.')
}

async function deleteOthers(asked: Asked, parts: Parts): Promise<Response> {
  if (asked.req.query('except') !== 'current')
    return refuse(
      asked,
      400,
      'invalid_request',
      'Expected ?except=current, which ends all sessions but this one.',
    )
  const stale = refuseStale(asked, parts, '/account/sessions')
  return stale ?? asked.json({ ended: await endOthers(asked, parts, signedIn(asked)) })
}

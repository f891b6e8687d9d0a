import { sessionStatus } from 'sojourn/web'
import { strictObject } from 'valibot'
import { askToSignIn } from '../access.ts'
import { statusSchema } from '../api/session-schemas.ts'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'

export const apiSessionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/session',
    access: 'public',
    passive: true,
    api: {
      summary: 'The status of the session that asks. Asking never extends it.',
      answers: { 200: statusSchema },
    },
    handle: showStatus,
  },
  {
    method: 'POST',
    path: '/api/v1/session/keep-alive',
    access: 'let-in',
    body: 'json',
    api: {
      summary: 'Extends the session that asks: a person says "stay signed in".',
      request: strictObject({}),
      answers: { 200: statusSchema },
    },
    handle: keepAlive,
  },
]

/** What a client may know of its own session. Asking never extends it. */
function showStatus(asked: Asked, { sessions }: Parts): Response {
  return asked.json(sessionStatus(asked.var.session, sessions.now()))
}

/** A person says "stay signed in". */
async function keepAlive(asked: Asked, parts: Parts): Promise<Response> {
  const { session } = asked.var
  const touched = session.id === null ? undefined : await parts.sessions.touch(session.id)
  if (touched === undefined) return askToSignIn(asked, parts, 'inactive_session')
  return asked.json(sessionStatus(session, parts.sessions.now()))
}

import { sessionStatus } from 'sojourn/web'
import { askToSignIn } from '../access.ts'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'

export const apiSessionRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/v1/session', access: 'public', passive: true, handle: showStatus },
  {
    method: 'POST',
    path: '/api/v1/session/keep-alive',
    access: 'signed-in',
    body: 'json',
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

import { seeOther } from '../answer.ts'
import type { Asked } from '../parts.ts'
import type { Route } from './route.ts'

export const homeRoutes: readonly Route[] = [
  { method: 'GET', path: '/', access: 'public', handle: home },
  {
    method: 'GET',
    path: '/account',
    access: 'signed-in',
    handle: (asked) => seeOther(asked, '/account/sessions'),
  },
  {
    method: 'GET',
    path: '/nova',
    access: 'super-admin',
    handle: (asked) => seeOther(asked, '/nova/resources/auth-sessions'),
  },
]

/** The reason that somebody was sent here with goes along. */
function home(asked: Asked): Response {
  const { search } = new URL(asked.req.url)
  return seeOther(asked, asked.var.account === undefined ? `/login${search}` : '/account/sessions')
}

import { isKnown, reasonFor } from '../access.ts'
import { frameOf, pageAnswer, seeOther } from '../answer.ts'
import { visitor } from '../pages/visitor.ts'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'

export const homeRoutes: readonly Route[] = [
  { method: 'GET', path: '/', access: 'public', handle: home },
  {
    method: 'GET',
    path: '/nova',
    access: 'super-admin',
    handle: (asked) => seeOther(asked, '/nova/resources/auth-sessions'),
  },
]

/** The reason that somebody was sent here with goes along, or why there is nobody any more. */
function home(asked: Asked, parts: Parts): Response {
  const { account } = asked.var
  if (account !== undefined && !isKnown(asked))
    return pageAnswer(asked, visitor({ ...frameOf(asked), name: account.name }))
  if (account !== undefined) return seeOther(asked, '/account/sessions')
  const { searchParams } = new URL(asked.req.url)
  const reason = reasonFor(asked, parts)
  if (reason !== 'login_required' && !searchParams.has('reason')) searchParams.set('reason', reason)
  const query = searchParams.toString()
  return seeOther(asked, query === '' ? '/login' : `/login?${query}`)
}

import { isKnown } from '../access.ts'
import { frameOf, pageAnswer, seeOther } from '../answer.ts'
import { readForm } from '../form.ts'
import { logout } from '../pages/logout.ts'
import type { Asked, Parts } from '../parts.ts'
import { signOut } from '../sign-out.ts'
import type { Route } from './route.ts'

export const logoutRoutes: readonly Route[] = [
  { method: 'GET', path: '/logout', access: 'public', handle: confirmLogout },
  { method: 'POST', path: '/logout', access: 'public', body: 'form', handle: logOut },
]

/** Asks, and changes nothing: links are followed by more than people. */
function confirmLogout(asked: Asked, { config }: Parts): Response {
  if (asked.var.account === undefined) return seeOther(asked, '/login')
  const { globalLogoutField: globalParam, globalLogoutLabel: globalLabel } = config
  return pageAnswer(asked, logout({ ...frameOf(asked), globalParam, globalLabel, isShared: !isKnown(asked) }))
}

async function logOut(asked: Asked, parts: Parts): Promise<Response> {
  const field = await readForm(asked)
  // An account that all visitors share is not one visitor's to sign out.
  const everywhere = isKnown(asked) && field(parts.config.globalLogoutField) !== ''
  await signOut(asked, parts, { everywhere })
  return seeOther(asked, '/login?reason=user_logout')
}

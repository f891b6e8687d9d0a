import { frameOf, pageAnswer } from '../answer.ts'
import { account } from '../pages/account.ts'
import type { Notice } from '../pages/page.ts'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'

export const accountRoutes: readonly Route[] = [
  { method: 'GET', path: '/account', access: 'signed-in', handle: show },
]

/** What was done, told on the page that follows. The words in the address come from a closed list. */
const notices: { readonly [done: string]: Notice } = {
  password: { kind: 'success', text: 'Your password was changed.' },
  email: { kind: 'success', text: 'Your e-mail address was changed.' },
  phone: { kind: 'success', text: 'Your phone number was changed.' },
}

async function show(asked: Asked, { accounts }: Parts): Promise<Response> {
  const person = signedIn(asked)
  const done = asked.req.query('done')
  const notice = done !== undefined && Object.hasOwn(notices, done) ? notices[done] : undefined
  const hasPassword = await accounts.hasPassword(person.id)
  return pageAnswer(asked, account({ ...frameOf(asked), notice, account: person, hasPassword }))
}

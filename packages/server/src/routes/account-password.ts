import { passwordFaultSentence } from '../accounts/new-account.ts'
import { networkOf } from '../accounts/network.ts'
import { passwordLimits } from '../accounts/passwords.ts'
import { signIn } from '../accounts/sign-in.ts'
import { frameOf, pageAnswer } from '../answer.ts'
import { knownDevice } from '../device-cookie.ts'
import { clientAddress } from '../exchange.ts'
import { readForm } from '../form.ts'
import { changePassword } from '../pages/account-forms.ts'
import type { Asked, Parts } from '../parts.ts'
import { leadOnAfter } from './changed.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'
import { refuseSensitive } from './step-up.ts'
import { tooMany } from './too-many.ts'

const path = '/account/password'

export const accountPasswordRoutes: readonly Route[] = [
  { method: 'GET', path, access: 'signed-in', handle: (asked, parts) => page(asked, parts) },
  { method: 'POST', path, access: 'signed-in', body: 'form', handle: save },
]

const wrong = 'The current password is not right, or you have tried too often. Wait a moment and try again.'

/** The current password is asked for beside a fresh sign-in: whoever finds the browser open has the second, not the first. */
async function save(asked: Asked, parts: Parts): Promise<Response> {
  const refused = refuseSensitive(asked, parts, path)
  if (refused !== undefined) return refused
  const { accounts, lockout } = parts
  const account = signedIn(asked)
  const { id, email } = account
  const field = await readForm(asked)
  const fault = passwordFaultSentence(field('password'))
  if (fault !== undefined) return page(asked, parts, fault, 400)
  const address = clientAddress(asked, parts)
  if (await accounts.hasPassword(id)) {
    const device = knownDevice(asked, parts, email)
    const tried = await signIn(accounts, lockout, { email, password: field('current'), address, device })
    if (tried.state === 'too_many') return tooMany(asked, tried.wait)
    if (tried.state === 'wrong') return page(asked, parts, wrong, 403)
  }
  await accounts.setPasswordHash(id, await accounts.hash(field('password'), networkOf(address)))
  return leadOnAfter(asked, parts, account, 'password')
}

async function page(asked: Asked, parts: Parts, error?: string, status: 200 | 400 | 403 = 200) {
  const refused = refuseSensitive(asked, parts, path)
  if (refused !== undefined) return refused
  const { id, email } = signedIn(asked)
  const hasPassword = await parts.accounts.hasPassword(id)
  const minPasswordLength = passwordLimits.leastCharacters
  const view = { ...frameOf(asked), email, minPasswordLength, hasPassword, error }
  return pageAnswer(asked, changePassword(view), status)
}

import { returnTo } from 'sojourn/web'
import type { Account } from '../accounts/account.ts'
import { askLink } from '../accounts/ask-link.ts'
import { passwordFaultSentence } from '../accounts/new-account.ts'
import { openedByLink } from '../accounts/opened-by-link.ts'
import { passwordLimits } from '../accounts/passwords.ts'
import { resetPassword } from '../accounts/reset-password.ts'
import { tryUnguessable } from '../accounts/try-unguessable.ts'
import { frameOf, pageAnswer, seeOther } from '../answer.ts'
import { clientAddress } from '../exchange.ts'
import { readForm } from '../form.ts'
import { askReset, letterAsked, newPassword } from '../pages/by-mail.ts'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'
import { refuseWithoutMail } from './sends-mail.ts'
import { tooMany } from './too-many.ts'

const path = '/login/reset'

/** A new password for somebody who has forgotten theirs. Opening the link asks for it; saving it spends the link. */
export const loginResetRoutes: readonly Route[] = [
  { method: 'GET', path, access: 'public', handle: show },
  { method: 'POST', path, access: 'public', body: 'form', handle: ask },
  { method: 'POST', path: `${path}/password`, access: 'public', body: 'form', handle: save },
]

const spent = 'This link has been used, or is too old. Ask for another one.'

async function show(asked: Asked, parts: Parts): Promise<Response> {
  const refused = refuseWithoutMail(asked, parts)
  if (refused !== undefined) return refused
  const token = asked.req.query('token')
  const back = returnTo(asked.req.query('return_to'))
  if (token === undefined) return pageAnswer(asked, askReset({ ...frameOf(asked), returnTo: back }))
  const account = await openedByLink(parts.accounts, await parts.links.look('reset-password', token))
  return account === undefined ? gone(asked) : page(asked, account, token)
}

async function ask(asked: Asked, parts: Parts): Promise<Response> {
  const refused = refuseWithoutMail(asked, parts)
  if (refused !== undefined) return refused
  const email = (await readForm(asked))('email')
  const address = clientAddress(asked, parts)
  const asking = await askLink(parts, { errand: 'reset-password', email, address, returnTo: undefined })
  if (asking.state === 'too_many') return tooMany(asked, asking.wait)
  return pageAnswer(asked, letterAsked({ ...frameOf(asked), hasMailbox: parts.mailbox !== undefined }))
}

async function save(asked: Asked, parts: Parts): Promise<Response> {
  const field = await readForm(asked)
  const [token, password] = [field('token'), field('password')]
  const fault = passwordFaultSentence(password)
  if (fault !== undefined) {
    const holder = await openedByLink(parts.accounts, await parts.links.look('reset-password', token))
    return holder === undefined ? gone(asked) : page(asked, holder, token, fault)
  }
  const address = clientAddress(asked, parts)
  const reset = () => resetPassword(parts, { token, password, address })
  const account = await tryUnguessable(parts.lockout, address, reset)
  if (typeof account === 'number') return tooMany(asked, account)
  if (account === undefined) return gone(asked)
  parts.log.info(
    { event: 'account.changed', account: account.id, changed: 'password', how: 'reset' },
    'reset',
  )
  return seeOther(asked, '/login?reason=password_reset')
}

function page(asked: Asked, { email }: Account, token: string, error?: string): Response {
  const minPasswordLength = passwordLimits.leastCharacters
  const markup = newPassword({ ...frameOf(asked), email, token, minPasswordLength, error })
  return pageAnswer(asked, markup, error === undefined ? 200 : 400)
}

function gone(asked: Asked): Response {
  return pageAnswer(asked, askReset({ ...frameOf(asked), error: spent }), 404)
}

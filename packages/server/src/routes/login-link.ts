import { returnTo } from 'sojourn/web'
import { askLink } from '../accounts/ask-link.ts'
import { openedByLink } from '../accounts/opened-by-link.ts'
import { proveAddress } from '../accounts/prove-address.ts'
import { tryUnguessable } from '../accounts/try-unguessable.ts'
import { frameOf, pageAnswer } from '../answer.ts'
import { clientAddress } from '../exchange.ts'
import { readForm } from '../form.ts'
import { askSignIn, letterAsked, useSignInLink } from '../pages/by-mail.ts'
import type { Asked, Parts } from '../parts.ts'
import { letIn } from './let-in.ts'
import { rememberFor } from './remember-for.ts'
import { tellFailedSignIn } from '../tell-failed-sign-in.ts'
import type { Route } from './route.ts'
import { refuseWithoutMail } from './sends-mail.ts'
import { tooMany } from './too-many.ts'

const path = '/login/link'

/** Signing in by a link that was sent by mail. Opening the link asks; the button on its page signs in. */
export const loginLinkRoutes: readonly Route[] = [
  { method: 'GET', path, access: 'public', handle: show },
  { method: 'POST', path, access: 'public', body: 'form', handle: ask },
  { method: 'POST', path: `${path}/enter`, access: 'public', body: 'form', handle: enter },
]

const spent = 'This link has been used, or is too old. Ask for another one.'

async function show(asked: Asked, parts: Parts): Promise<Response> {
  const refused = refuseWithoutMail(asked, parts)
  if (refused !== undefined) return refused
  const token = asked.req.query('token')
  const back = returnTo(asked.req.query('return_to'))
  if (token === undefined) return pageAnswer(asked, askSignIn({ ...frameOf(asked), returnTo: back }))
  const account = await openedByLink(parts.accounts, await parts.links.look('sign-in', token))
  if (account === undefined) return gone(asked)
  const view = { email: account.email, token, rememberFor: rememberFor(parts, 'magic_link') }
  return pageAnswer(asked, useSignInLink({ ...frameOf(asked), ...view }))
}

async function ask(asked: Asked, parts: Parts): Promise<Response> {
  const refused = refuseWithoutMail(asked, parts)
  if (refused !== undefined) return refused
  const field = await readForm(asked)
  const back = returnTo(field('return_to'))
  const address = clientAddress(asked, parts)
  const email = field('email')
  const asking = await askLink(parts, { errand: 'sign-in', email, address, returnTo: back })
  if (asking.state === 'too_many') return tooMany(asked, asking.wait)
  return pageAnswer(asked, letterAsked({ ...frameOf(asked), hasMailbox: parts.mailbox !== undefined }))
}

async function enter(asked: Asked, parts: Parts): Promise<Response> {
  const { accounts, links, lockout } = parts
  const field = await readForm(asked)
  const address = clientAddress(asked, parts)
  const opened = await tryUnguessable(lockout, address, async () => {
    const link = await links.spend('sign-in', field('token'))
    const account = await openedByLink(accounts, link)
    return link === undefined || account === undefined ? undefined : { link, account }
  })
  if (typeof opened === 'number') return tooMany(asked, opened)
  if (opened === undefined) {
    tellFailedSignIn(parts, 'magic_link', { ip: address, why: 'link' })
    return gone(asked)
  }
  const { link } = opened
  const account = await proveAddress(parts, opened.account)
  return letIn(asked, parts, {
    account,
    how: { method: 'magic_link', amr: ['email'], remember: field('remember') !== '' },
    back: returnTo(link.details.returnTo ?? undefined),
    refused: (error) => pageAnswer(asked, askSignIn({ ...frameOf(asked), error }), 403),
    outdated: () => gone(asked),
  })
}

function gone(asked: Asked): Response {
  return pageAnswer(asked, askSignIn({ ...frameOf(asked), error: spent }), 404)
}

import { safeParse } from 'valibot'
import { emailKey } from '../accounts/account.ts'
import { askEmailChange } from '../accounts/ask-email-change.ts'
import { emailAddress } from '../accounts/new-account.ts'
import { frameOf, pageAnswer, refuse } from '../answer.ts'
import { clientAddress } from '../exchange.ts'
import { readForm } from '../form.ts'
import { changeEmail, confirmEmail } from '../pages/account-forms.ts'
import { confirmationAsked } from '../pages/by-mail.ts'
import type { Asked, Parts } from '../parts.ts'
import { leadOnAfter } from './changed.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'
import { refuseSensitive } from './step-up.ts'
import { tooMany } from './too-many.ts'

const path = '/account/email'

/** Another address. Where mail is sent, it is used once the link that was sent to it is, by whoever is signed in. */
export const accountEmailRoutes: readonly Route[] = [
  { method: 'GET', path, access: 'signed-in', handle: (asked, parts) => page(asked, parts, {}) },
  { method: 'POST', path, access: 'signed-in', body: 'form', handle: ask },
  { method: 'GET', path: `${path}/confirm`, access: 'signed-in', handle: showLink },
  { method: 'POST', path: `${path}/confirm`, access: 'signed-in', body: 'form', handle: confirm },
]

const taken = 'This e-mail address belongs to another account.'

async function ask(asked: Asked, parts: Parts): Promise<Response> {
  const refused = refuseSensitive(asked, parts, path)
  if (refused !== undefined) return refused
  const { accounts, mailer, mailbox } = parts
  const account = signedIn(asked)
  const written = (await readForm(asked))('email')
  const read = safeParse(emailAddress, written)
  if (!read.success) return page(asked, parts, { email: written, error: read.issues[0].message })
  const email = read.output
  if (emailKey(email) === emailKey(account.email))
    return page(asked, parts, { email, error: 'This is your e-mail address already.' })
  if (mailer === undefined) {
    if (await accounts.setEmail(account.id, email, false)) return leadOnAfter(asked, parts, account, 'email')
    return page(asked, parts, { email, error: taken })
  }
  const asking = await askEmailChange(parts, account, email, clientAddress(asked, parts))
  if (asking.state === 'too_many') return tooMany(asked, asking.wait)
  return pageAnswer(asked, confirmationAsked({ ...frameOf(asked), hasMailbox: mailbox !== undefined }))
}

async function showLink(asked: Asked, parts: Parts): Promise<Response> {
  const token = asked.req.query('token') ?? ''
  const refused = refuseSensitive(
    asked,
    parts,
    `${path}/confirm?${new URLSearchParams({ token }).toString()}`,
  )
  if (refused !== undefined) return refused
  const link = await parts.links.look('change-email', token)
  if (link === undefined || link.account !== signedIn(asked).id) return gone(asked)
  return pageAnswer(asked, confirmEmail({ ...frameOf(asked), email: link.details.email, token }))
}

async function confirm(asked: Asked, parts: Parts): Promise<Response> {
  const refused = refuseSensitive(asked, parts, path)
  if (refused !== undefined) return refused
  const { accounts, links } = parts
  const account = signedIn(asked)
  const token = (await readForm(asked))('token')
  // Somebody else's link is not theirs to spend.
  const seen = await links.look('change-email', token)
  const link = seen?.account === account.id ? await links.spend('change-email', token) : undefined
  if (link === undefined) return gone(asked)
  const { email } = link.details
  if (!(await accounts.setEmail(account.id, email, true))) return page(asked, parts, { email, error: taken })
  return leadOnAfter(asked, parts, account, 'email')
}

function page(
  asked: Asked,
  parts: Parts,
  view: { readonly email?: string; readonly error?: string },
): Response {
  const refused = refuseSensitive(asked, parts, path)
  if (refused !== undefined) return refused
  const isConfirmed = parts.mailer !== undefined
  const markup = changeEmail({ ...frameOf(asked), ...view, isConfirmed })
  return pageAnswer(asked, markup, view.error === undefined ? 200 : 400)
}

function gone(asked: Asked): Response {
  return refuse(
    asked,
    404,
    'link_gone',
    'This link has been used, is too old, or is for another account than the one that is signed in here.',
  )
}

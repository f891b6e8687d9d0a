import { returnTo } from 'sojourn/web'
import { confirmSignUp } from '../accounts/confirm-sign-up.ts'
import { frameOf, pageAnswer, refuse } from '../answer.ts'
import { clientAddress } from '../exchange.ts'
import { readForm } from '../form.ts'
import { confirmSignup } from '../pages/by-mail.ts'
import type { Asked, Parts } from '../parts.ts'
import { letIn } from './let-in.ts'
import type { Route } from './route.ts'
import { tooMany } from './too-many.ts'

const path = '/signup/confirm'

/** The end of a sign-up: the link that was sent, and the password that was chosen, make the account. */
export const signupConfirmRoutes: readonly Route[] = [
  { method: 'GET', path, access: 'public', handle: show },
  { method: 'POST', path, access: 'public', body: 'form', handle: confirm },
]

async function show(asked: Asked, parts: Parts): Promise<Response> {
  const token = asked.req.query('token') ?? ''
  const link = await parts.links.look('sign-up', token)
  if (link === undefined || !parts.config.signup) return gone(asked)
  return pageAnswer(asked, confirmSignup({ ...frameOf(asked), token, email: link.details.email }))
}

async function confirm(asked: Asked, parts: Parts): Promise<Response> {
  const { config, links, log } = parts
  if (!config.signup) return gone(asked)
  const field = await readForm(asked)
  const token = field('token')
  const address = clientAddress(asked, parts)
  const confirmed = await confirmSignUp(parts, { token, password: field('password'), address })
  switch (confirmed.state) {
    case 'too_many':
      return tooMany(asked, confirmed.wait)
    case 'gone':
      return gone(asked)
    case 'wrong': {
      const link = await links.look('sign-up', token)
      if (link === undefined) return gone(asked)
      const error = 'That is not the password that was chosen, or you have tried too often. Wait a moment.'
      const view = { token, email: link.details.email, error }
      return pageAnswer(asked, confirmSignup({ ...frameOf(asked), ...view }), 401)
    }
    case 'created': {
      const { account, link } = confirmed
      const { remember, returnTo: back } = link.details
      log.info({ event: 'account.created', account: account.id }, 'account created')
      return letIn(asked, parts, {
        account,
        how: { method: 'password', amr: ['pwd'], remember },
        back: returnTo(back ?? undefined),
        refused: (sentence) => refuse(asked, 403, 'login_refused', sentence),
        outdated: () => gone(asked),
      })
    }
  }
}

function gone(asked: Asked): Response {
  return refuse(asked, 404, 'link_gone', 'This link has been used, or is too old. Sign in, or sign up again.')
}

import { returnTo } from 'sojourn/web'
import { flatten, safeParse } from 'valibot'
import { askSignUp } from '../accounts/ask-sign-up.ts'
import { signupForm } from '../accounts/new-account.ts'
import { passwordLimits } from '../accounts/passwords.ts'
import { signUp } from '../accounts/sign-up.ts'
import { frameOf, pageAnswer, refuse, seeOther } from '../answer.ts'
import { clientAddress } from '../exchange.ts'
import { readForm } from '../form.ts'
import { confirmationAsked } from '../pages/by-mail.ts'
import { signup, type SignupErrors } from '../pages/signup.ts'
import type { Asked, Parts } from '../parts.ts'
import { letIn } from './let-in.ts'
import { rememberFor } from './remember-for.ts'
import { tooMany } from './too-many.ts'
import type { Route } from './route.ts'

export const signupRoutes: readonly Route[] = [
  { method: 'GET', path: '/signup', access: 'public', handle: showSignup },
  { method: 'POST', path: '/signup', access: 'public', body: 'form', handle: takeSignup },
]

interface Typed {
  readonly name?: string
  readonly email?: string
  readonly returnTo?: string | undefined
  readonly remember?: boolean
}

function showSignup(asked: Asked, parts: Parts): Response {
  if (!parts.config.signup) return closed(asked)
  const back = returnTo(asked.req.query('return_to'))
  return asked.var.account === undefined
    ? page(asked, parts, { returnTo: back })
    : seeOther(asked, back ?? '/')
}

async function takeSignup(asked: Asked, parts: Parts): Promise<Response> {
  const { accounts, lockout, config, log } = parts
  if (!config.signup) return closed(asked)
  const field = await readForm(asked)
  const written = { name: field('name'), email: field('email'), password: field('password') }
  const remember = field('remember') !== ''
  const back = returnTo(field('return_to'))
  const typed = { name: written.name, email: written.email, returnTo: back, remember }
  const read = safeParse(signupForm, written)
  if (!read.success) {
    const faults = flatten<typeof signupForm>(read.issues).nested ?? {}
    const errors = { name: faults.name?.[0], email: faults.email?.[0], password: faults.password?.[0] }
    return page(asked, parts, typed, errors)
  }
  const form = read.output
  const address = clientAddress(asked, { config })
  if (parts.mailer !== undefined) {
    const asking = await askSignUp(parts, { form, address, remember, returnTo: back })
    if (asking.state === 'too_many') return tooMany(asked, asking.wait)
    const hasMailbox = parts.mailbox !== undefined
    return pageAnswer(asked, confirmationAsked({ ...frameOf(asked), hasMailbox }))
  }
  const signed = await signUp(accounts, lockout, form, address)
  if (signed.state === 'too_many') return tooMany(asked, signed.wait)
  if (signed.state === 'taken')
    return page(asked, parts, typed, {
      email: 'This e-mail address has an account already. Sign in instead.',
    })
  const { account } = signed
  log.info({ event: 'account.created', account: account.id }, 'account created')
  return letIn(asked, parts, {
    account,
    how: { method: 'password', amr: ['pwd'], remember },
    back,
    refused: (sentence) => refuse(asked, 403, 'login_refused', sentence),
    outdated: () => seeOther(asked, '/login'),
  })
}

function page(asked: Asked, parts: Parts, typed: Typed, errors?: SignupErrors): Response {
  const view = { ...frameOf(asked), ...typed, errors, rememberFor: rememberFor(parts) }
  const markup = signup({ ...view, minPasswordLength: passwordLimits.leastCharacters })
  return pageAnswer(asked, markup, errors === undefined ? 200 : 400)
}

function closed(asked: Asked): Response {
  return refuse(asked, 404, 'not_found', 'Accounts are made by an administrator here.')
}

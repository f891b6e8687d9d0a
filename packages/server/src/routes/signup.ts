import { returnTo } from 'sojourn/web'
import { flatten, safeParse } from 'valibot'
import { sessionRoles } from '../accounts/account.ts'
import { signupForm } from '../accounts/new-account.ts'
import { passwordLimits } from '../accounts/passwords.ts'
import { frameOf, pageAnswer, refuse, seeOther } from '../answer.ts'
import { readForm } from '../form.ts'
import { signup, type SignupErrors } from '../pages/signup.ts'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'

export const signupRoutes: readonly Route[] = [
  { method: 'GET', path: '/signup', access: 'public', handle: showSignup },
  { method: 'POST', path: '/signup', access: 'public', body: 'form', handle: signUp },
]

interface Typed {
  readonly name?: string
  readonly email?: string
  readonly returnTo?: string | undefined
}

function showSignup(asked: Asked, { config }: Parts): Response {
  if (!config.signup) return closed(asked)
  const back = returnTo(asked.req.query('return_to'))
  return asked.var.account === undefined ? page(asked, { returnTo: back }) : seeOther(asked, back ?? '/')
}

async function signUp(asked: Asked, { accounts, config, log }: Parts): Promise<Response> {
  if (!config.signup) return closed(asked)
  const field = await readForm(asked)
  const written = { name: field('name'), email: field('email'), password: field('password') }
  const typed = { name: written.name, email: written.email, returnTo: returnTo(field('return_to')) }
  const read = safeParse(signupForm, written)
  if (!read.success) {
    const faults = flatten<typeof signupForm>(read.issues).nested ?? {}
    const errors = { name: faults.name?.[0], email: faults.email?.[0], password: faults.password?.[0] }
    return page(asked, typed, errors)
  }
  const account = await accounts.create(read.output)
  if (account === undefined)
    return page(asked, typed, { email: 'This e-mail address has an account already. Sign in instead.' })
  log.info({ event: 'account.created', account: account.id }, 'account created')
  await asked.var.session.login(account.id, {
    method: 'password',
    amr: ['pwd'],
    roles: sessionRoles(account),
  })
  return seeOther(asked, typed.returnTo ?? '/')
}

function page(asked: Asked, typed: Typed, errors?: SignupErrors): Response {
  const view = { ...frameOf(asked), ...typed, errors, minPasswordLength: passwordLimits.leastCharacters }
  return pageAnswer(asked, signup(view), errors === undefined ? 200 : 400)
}

function closed(asked: Asked): Response {
  return refuse(asked, 404, 'not_found', 'Accounts are made by an administrator here.')
}

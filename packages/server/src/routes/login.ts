import { returnTo } from 'sojourn/web'
import { signIn } from '../accounts/sign-in.ts'
import { frameOf, pageAnswer, seeOther } from '../answer.ts'
import { clientAddress } from '../exchange.ts'
import { readForm } from '../form.ts'
import { knownDevice } from '../device-cookie.ts'
import { isNavigation } from '../integrations/is-navigation.ts'
import { atOnce, offeredNetworks } from '../integrations/offered-networks.ts'
import { offeredProviders } from '../integrations/offered-providers.ts'
import { login, type LoginView } from '../pages/login.ts'
import type { Asked, Parts } from '../parts.ts'
import { sentenceOf } from '../reasons.ts'
import { chooseAt } from './choose.ts'
import { letIn } from './let-in.ts'
import { enterNetwork } from './login-ip.ts'
import { secondStepAt } from './second-step-at.ts'
import { rememberFor } from './remember-for.ts'
import { tooMany } from './too-many.ts'
import { tellFailedSignIn } from '../tell-failed-sign-in.ts'
import type { Route } from './route.ts'

/** One sentence for all that may be wrong, so that nobody learns from it who has an account. */
const wrong =
  'The e-mail address or the password is not right, or you have tried too often. Wait a moment and try again.'

export const loginRoutes: readonly Route[] = [
  { method: 'GET', path: '/login', access: 'public', handle: showLogin },
  { method: 'POST', path: '/login', access: 'public', body: 'form', handle: logIn },
]

/** The words with which somebody may be let in at once: nobody has just signed out, or was signed out by somebody. */
const unasked: ReadonlySet<string | undefined> = new Set([
  undefined,
  'login_required',
  'inactive_session',
  'idle_timeout',
  'absolute_timeout',
])

/** Those with which also somebody who is signed in sees the page. */
const again: ReadonlySet<string | undefined> = new Set(['reauth_required', 'person_required'])

async function showLogin(asked: Asked, parts: Parts): Promise<Response> {
  const { config } = parts
  const { session, account } = asked.var
  if (session.waiting?.for === 'choice')
    return seeOther(asked, chooseAt(returnTo(asked.req.query('return_to'))))
  if (session.waiting !== null) return seeOther(asked, secondStepAt(returnTo(asked.req.query('return_to'))))
  const reason = asked.req.query('reason')
  const back = returnTo(asked.req.query('return_to'))
  if (account !== undefined && !again.has(reason)) return seeOther(asked, back ?? '/')
  const networks = account === undefined ? await offeredNetworks(asked, parts) : []
  const network = atOnce(networks)
  if (network !== undefined && unasked.has(session.ended?.reason ?? reason) && isNavigation(asked))
    return enterNetwork(asked, parts, network, back)
  // Who holds the cookie of an ended session is told the truth; a word in the address may be anybody's.
  const endedSentence = sentenceOf(session.ended?.reason ?? reason, config)
  // Who signs in again on a device that is remembered keeps it so, unless they say otherwise.
  const remember = typeof session.session?.rememberedUntil === 'number'
  return loginPage(asked, parts, { endedSentence, returnTo: back, remember, networks }, 200)
}

async function logIn(asked: Asked, parts: Parts): Promise<Response> {
  const { accounts, lockout, config } = parts
  const field = await readForm(asked)
  const email = field('email')
  const back = returnTo(field('return_to'))
  const remember = field('remember') !== ''
  const view = { email, returnTo: back, remember }
  const address = clientAddress(asked, { config })
  const device = knownDevice(asked, parts, email)
  const signed = await signIn(accounts, lockout, { email, password: field('password'), address, device })
  if (signed.state !== 'opened') tellFailedSignIn(parts, 'password', { ip: address, why: signed.state })
  if (signed.state === 'too_many') return tooMany(asked, signed.wait)
  if (signed.state === 'wrong') return loginPage(asked, parts, { ...view, error: wrong }, 401)
  return letIn(asked, parts, {
    account: signed.account,
    how: { method: 'password', amr: ['pwd'], remember },
    back,
    refused: (error) => loginPage(asked, parts, { ...view, error }, 403),
    outdated: () => loginPage(asked, parts, { ...view, error: wrong }, 401),
  })
}

/** The sign-in page, after whatever was tried. */
export async function loginPage(
  asked: Asked,
  parts: Parts,
  view: LoginView,
  status: 200 | 401 | 403,
): Promise<Response> {
  const { signup } = parts.config
  const byMail = parts.mailer !== undefined
  const providers = await offeredProviders(parts)
  return pageAnswer(
    asked,
    login({ ...frameOf(asked), signup, byMail, providers, rememberFor: rememberFor(parts), ...view }),
    status,
  )
}

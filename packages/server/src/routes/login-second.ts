import { type Millis, SessionError, type Session } from 'sojourn'
import { returnTo } from 'sojourn/web'
import type { Account } from '../accounts/account.ts'
import { pageAnswer, refuse, seeOther } from '../answer.ts'
import { completeSession } from '../begin-session.ts'
import { knownDevice, rememberDevice } from '../device-cookie.ts'
import { clientAddress } from '../exchange.ts'
import type { FactorProof } from '../factors/factor-proof.ts'
import { assertionOptions } from '../factors/passkey-assertion.ts'
import { showSecondFactor } from '../factors/show-second-factor.ts'
import { readForm } from '../form.ts'
import { limitRefusal } from '../limit-refusals.ts'
import { secondStep } from '../pages/second-step.ts'
import type { Asked, Parts } from '../parts.ts'
import { chooseAt, leadOn } from './choose.ts'
import { tellFailedSignIn } from '../tell-failed-sign-in.ts'
import type { Route } from './route.ts'
import { secondStepPath as path } from './second-step-at.ts'
import { tooMany } from './too-many.ts'

/** The second step of a sign-in whose first was right. Until it is done the request is nobody's. */
export const loginSecondRoutes: readonly Route[] = [
  { method: 'GET', path, access: 'public', handle: show },
  { method: 'POST', path: `${path}/options`, access: 'public', body: 'json', handle: giveOptions },
  { method: 'POST', path, access: 'public', body: 'form', handle: take },
]

const wrong = 'That is not right, was used before, or took too long. Try again.'

interface Waiting {
  readonly account: Account
  readonly session: Session
}

/** Whose sign-in waits here; `undefined`: none does, or its account is closed. */
async function waitingOf({ var: { session } }: Asked, { accounts }: Parts): Promise<Waiting | undefined> {
  const { waiting } = session
  if (waiting === null || waiting.for !== 'step' || waiting.session.subject === null) return undefined
  const account = await accounts.find(waiting.session.subject)
  return account?.disabledAt === null ? { account, session: waiting.session } : undefined
}

async function show(asked: Asked, parts: Parts): Promise<Response> {
  const back = returnTo(asked.req.query('return_to'))
  const waiting = await waitingOf(asked, parts)
  return waiting === undefined ? leadOn(asked, back) : page(asked, parts, waiting, back)
}

async function giveOptions(asked: Asked, parts: Parts): Promise<Response> {
  const waiting = await waitingOf(asked, parts)
  if (waiting === undefined)
    return refuse(asked, 404, 'not_waiting', 'No sign-in waits for a second step here.')
  const { account, session } = waiting
  const what = { purpose: 'second-step', account: account.id, session: session.id } as const
  return asked.json(await assertionOptions(parts, what))
}

async function take(asked: Asked, parts: Parts): Promise<Response> {
  const field = await readForm(asked)
  const back = returnTo(field('return_to'))
  const waiting = await waitingOf(asked, parts)
  if (waiting === undefined) return leadOn(asked, back)
  const { account, session } = waiting
  const shown = { code: field('code'), recovery: field('recovery'), response: field('response') }
  const device = knownDevice(asked, parts, account.email)
  const judged = await showSecondFactor(parts, account, session, { shown, device })
  if (judged.state === 'good') return complete(asked, parts, waiting, judged.proof, back)
  const ip = clientAddress(asked, parts)
  const why = judged.state === 'wrong' ? judged.why : judged.state
  const line = { ip, account: account.id, step: 'second', why }
  tellFailedSignIn(parts, 'second_step', line, 'second step failed')
  if (judged.state === 'too_many') return waits(asked, judged.wait)
  return page(asked, parts, waiting, back, wrong, 401)
}

async function complete(
  asked: Asked,
  parts: Parts,
  waiting: Waiting,
  proof: FactorProof,
  back: string | undefined,
): Promise<Response> {
  const { account } = waiting
  try {
    const begun = await completeSession(asked, parts, account, proof)
    parts.metrics?.signIn('second_step', begun)
    if (begun === 'outdated') return seeOther(asked, '/login?reason=credential_changed')
    rememberDevice(asked, parts, account.email)
    return seeOther(asked, begun === 'choose' ? chooseAt(back) : (back ?? '/'))
  } catch (error) {
    // It ended meanwhile, or another request has completed it.
    if (error instanceof SessionError && error.code === 'no_session') return leadOn(asked, back)
    const refusal = limitRefusal(error)
    if (refusal === undefined) throw error
    parts.metrics?.signIn('second_step', 'limited')
    return page(asked, parts, waiting, back, refusal, 403)
  }
}

function waits(asked: Asked, wait: Millis): Response {
  return tooMany(asked, wait, 'There have been too many codes that were not right.')
}

async function page(
  asked: Asked,
  { factors }: Parts,
  { account: { id, email } }: Waiting,
  back: string | undefined,
  error?: string,
  status: 200 | 401 | 403 = 200,
): Promise<Response> {
  const markup = secondStep({
    email,
    hasApp: (await factors.totp.find(id)) !== undefined,
    hasPasskey: (await factors.passkeys.of(id)).length > 0,
    hasRecoveryCodes: (await factors.recoveryCodes.left(id)) > 0,
    returnTo: back,
    error,
  })
  return pageAnswer(asked, markup, status)
}

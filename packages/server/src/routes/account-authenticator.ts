import { frameOf, pageAnswer, refuse, seeOther } from '../answer.ts'
import { factorWasAdded, factorWasRemoved } from '../factors/change-factors.ts'
import { proofByCode } from '../factors/factor-proof.ts'
import type { Enrolment, Offer } from '../factors/totp.ts'
import { readForm } from '../form.ts'
import { authenticator } from '../pages/authenticator.ts'
import type { Asked, Parts } from '../parts.ts'
import { siteOf } from '../site.ts'
import { afterAdding, afterChange } from './after-factor-change.ts'
import { refuseFactorChange } from './factor-change.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'

const path = '/account/security/authenticator'

/** Setting up an authenticator app, which counts once a code of it was entered, and removing it. */
export const accountAuthenticatorRoutes: readonly Route[] = [
  { method: 'GET', path, access: 'signed-in', handle: offer },
  { method: 'POST', path, access: 'signed-in', body: 'form', handle: confirm },
  { method: 'POST', path: `${path}/remove`, access: 'signed-in', body: 'form', handle: remove },
]

async function offer(asked: Asked, parts: Parts): Promise<Response> {
  const refused = await refuseFactorChange(asked, parts, path)
  if (refused !== undefined) return refused
  const { totp } = parts.factors
  if ((await totp.find(signedIn(asked).id)) !== undefined) return seeOther(asked, '/account/security')
  return page(asked, parts, totp.offer(enrolmentOf(asked)))
}

async function confirm(asked: Asked, parts: Parts): Promise<Response> {
  const refused = await refuseFactorChange(asked, parts, path)
  if (refused !== undefined) return refused
  const { totp } = parts.factors
  const account = signedIn(asked)
  const field = await readForm(asked)
  const sealed = field('sealed')
  const enrolment = enrolmentOf(asked)
  switch (await totp.confirm(enrolment, sealed, field('code'))) {
    case 'expired':
      return page(asked, parts, totp.offer(enrolment), 'This took too long. Scan the new code.')
    case 'wrong': {
      const again = totp.again(enrolment, sealed) ?? totp.offer(enrolment)
      return page(asked, parts, again, 'That is not the code of now. Check the clock of your device.')
    }
    case 'taken':
      return refuse(
        asked,
        409,
        'has_authenticator',
        'Your account has an authenticator app: remove it first.',
      )
    case 'added': {
      const proof = proofByCode(asked.var.session.session?.amr ?? [])
      return afterAdding(asked, await factorWasAdded(asked, parts, account, 'totp', proof), 'totp-added')
    }
  }
}

async function remove(asked: Asked, parts: Parts): Promise<Response> {
  const refused = await refuseFactorChange(asked, parts, '/account/security')
  if (refused !== undefined) return refused
  const account = signedIn(asked)
  if (!(await parts.factors.totp.remove(account.id)))
    return refuse(asked, 404, 'not_found', 'Your account has no authenticator app.')
  return afterChange(asked, await factorWasRemoved(asked, parts, account, 'totp'), 'totp-removed')
}

function enrolmentOf(asked: Asked): Enrolment {
  return { account: signedIn(asked).id, session: asked.var.session.id ?? '' }
}

function page(asked: Asked, { config }: Parts, { secret, sealed }: Offer, error?: string): Response {
  const { email } = signedIn(asked)
  const view = { ...frameOf(asked), site: siteOf(config), email, secret, sealed, error }
  return pageAnswer(asked, authenticator(view), error === undefined ? 200 : 400)
}

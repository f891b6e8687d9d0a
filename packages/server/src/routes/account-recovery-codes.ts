import { frameOf, pageAnswer, refuse } from '../answer.ts'
import { letters } from '../mail/letters.ts'
import { recoveryCodes } from '../pages/recovery-codes.ts'
import type { Asked, Parts } from '../parts.ts'
import { siteOf } from '../site.ts'
import { refuseFactorChange } from './factor-change.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'

export const accountRecoveryCodesRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/account/security/recovery-codes',
    access: 'signed-in',
    body: 'form',
    handle: renew,
  },
]

/** New ones in the place of the old. Whoever has nothing to recover from needs none. */
async function renew(asked: Asked, parts: Parts): Promise<Response> {
  const refused = await refuseFactorChange(asked, parts, '/account/security')
  if (refused !== undefined) return refused
  const { factors, mailer, log, config } = parts
  const { id, email } = signedIn(asked)
  if (!(await factors.isOn(id)))
    return refuse(asked, 409, 'no_second_factor', 'Add a passkey or an authenticator app first.')
  const codes = await factors.recoveryCodes.issue(id)
  log.info({ event: 'recovery_codes.made', account: id }, 'recovery codes were made')
  mailer?.post({ to: email, ...letters.recoveryCodesMade(siteOf(config)) })
  return pageAnswer(asked, recoveryCodes({ ...frameOf(asked), codes }))
}

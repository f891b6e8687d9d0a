import { frameOf, pageAnswer } from '../answer.ts'
import { deviceOf } from '../devices.ts'
import { accountSecurity } from '../pages/account-security.ts'
import type { Notice } from '../pages/page.ts'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'

export const accountSecurityRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/account/security',
    access: 'signed-in',
    handle: (asked, parts) => show(asked, parts),
  },
]

/** What was done, told on the page that follows. The words in the address come from a closed list. */
const notices: { readonly [done: string]: Notice } = {
  'totp-added': { kind: 'success', text: 'Your authenticator app was set up.' },
  'totp-removed': { kind: 'success', text: 'Your authenticator app was removed.' },
  'passkey-added': { kind: 'success', text: 'Your passkey was added.' },
  'passkey-removed': { kind: 'success', text: 'The passkey was removed.' },
}

/** The page, with what was just done or refused. */
export async function showSecurity(
  asked: Asked,
  { factors, sessions }: Parts,
  notice: Notice | undefined,
  status: 200 | 400 | 409 = 200,
): Promise<Response> {
  const { id } = signedIn(asked)
  const markup = accountSecurity({
    ...frameOf(asked),
    notice,
    now: sessions.now(),
    totp: await factors.totp.find(id),
    passkeys: await factors.passkeys.of(id),
    codesLeft: await factors.recoveryCodes.left(id),
    passkeyName: deviceOf(asked.req.header('user-agent') ?? null).label,
  })
  return pageAnswer(asked, markup, status)
}

function show(asked: Asked, parts: Parts): Promise<Response> {
  const done = asked.req.query('done')
  return showSecurity(
    asked,
    parts,
    done !== undefined && Object.hasOwn(notices, done) ? notices[done] : undefined,
  )
}

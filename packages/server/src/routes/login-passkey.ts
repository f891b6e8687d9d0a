import { returnTo } from 'sojourn/web'
import { tryUnguessable } from '../accounts/try-unguessable.ts'
import { seeOther } from '../answer.ts'
import { clientAddress } from '../exchange.ts'
import { proofByPasskey } from '../factors/factor-proof.ts'
import { assertionOptions, judgeAssertion } from '../factors/passkey-assertion.ts'
import { readForm } from '../form.ts'
import type { Asked, Parts } from '../parts.ts'
import { letIn } from './let-in.ts'
import { loginPage } from './login.ts'
import { tellFailedSignIn } from '../tell-failed-sign-in.ts'
import type { Route } from './route.ts'
import { tooMany } from './too-many.ts'

const path = '/login/passkey'

/** Signing in by a passkey alone, which says whose it is. */
export const loginPasskeyRoutes: readonly Route[] = [
  // What was refused here stands at this address; loading it again begins anew.
  { method: 'GET', path, access: 'public', handle: (asked) => seeOther(asked, '/login') },
  { method: 'POST', path: `${path}/options`, access: 'public', body: 'json', handle: giveOptions },
  { method: 'POST', path, access: 'public', body: 'form', handle: enter },
]

/** One sentence for all that may be wrong, so that nobody learns from it which passkeys there are. */
const wrong = 'No account is opened by this passkey, or it took too long. Try again, or sign in another way.'

async function giveOptions(asked: Asked, parts: Parts): Promise<Response> {
  return asked.json(await assertionOptions(parts, { purpose: 'sign-in' }))
}

async function enter(asked: Asked, parts: Parts): Promise<Response> {
  const { lockout } = parts
  const address = clientAddress(asked, parts)
  const field = await readForm(asked)
  const back = returnTo(field('return_to'))
  const remember = field('remember') !== ''
  const view = { returnTo: back, remember }
  const judge = () => judgeAssertion(parts, { purpose: 'sign-in' }, field('response'))
  const judged = await tryUnguessable(lockout, address, judge, ({ state }) => state === 'good')
  if (typeof judged === 'number') return tooMany(asked, judged)
  if (judged.state === 'refused') {
    const { why, passkey } = judged
    const known = passkey === undefined ? {} : { account: passkey.account, passkey: passkey.id }
    tellFailedSignIn(parts, 'passkey', { ip: address, why: `passkey: ${why}`, ...known }, 'refused')
    return loginPage(asked, parts, { ...view, error: wrong }, 401)
  }
  const { account, passkey, isVerified } = judged
  const proof = proofByPasskey([], { isSynced: passkey.isSynced, isVerified })
  return letIn(asked, parts, {
    account,
    how: { method: 'passkey', ...proof, remember },
    back,
    refused: (error) => loginPage(asked, parts, { ...view, error }, 403),
    outdated: () => loginPage(asked, parts, { ...view, error: wrong }, 401),
  })
}

import { frameOf, pageAnswer, seeOther } from '../answer.ts'
import { resetFactors } from '../factors/change-factors.ts'
import { novaSecondFactors } from '../pages/nova-second-factors.ts'
import type { Asked, Parts } from '../parts.ts'
import { refuseFactorChange } from './factor-change.ts'
import { namedAccount, noSuchAccount } from './named-account.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'

const path = '/nova/resources/users/:id/second-factors'

/** For somebody who has lost their second factors: a Super Admin, who has just signed in, removes them. */
export const novaSecondFactorsRoutes: readonly Route[] = [
  { method: 'GET', path, access: 'super-admin', handle: show },
  { method: 'POST', path: `${path}/reset`, access: 'super-admin', body: 'form', handle: reset },
  {
    method: 'DELETE',
    path: '/api/v1/admin/users/:id/second-factors',
    access: 'super-admin',
    api: { summary: 'Removes the second factors of a person.', answers: { 204: null } },
    handle: resetByProgram,
  },
]

async function show(asked: Asked, { accounts, factors, sessions }: Parts): Promise<Response> {
  const account = await namedAccount(asked, { accounts })
  if (account === undefined) return noSuchAccount(asked)
  const { id } = account
  const markup = novaSecondFactors({
    ...frameOf(asked),
    now: sessions.now(),
    account,
    totp: await factors.totp.find(id),
    passkeys: await factors.passkeys.of(id),
    codesLeft: await factors.recoveryCodes.left(id),
  })
  return pageAnswer(asked, markup)
}

async function reset(asked: Asked, parts: Parts): Promise<Response> {
  const page = path.replace(':id', encodeURIComponent(idIn(asked)))
  const refused = await refuseFactorChange(asked, parts, page)
  if (refused !== undefined) return refused
  const account = await namedAccount(asked, parts)
  if (account === undefined) return noSuchAccount(asked)
  await resetFactors(parts, account, signedIn(asked).id)
  return seeOther(asked, page)
}

async function resetByProgram(asked: Asked, parts: Parts): Promise<Response> {
  const refused = await refuseFactorChange(asked, parts, '/nova')
  if (refused !== undefined) return refused
  const account = await namedAccount(asked, parts)
  if (account === undefined) return noSuchAccount(asked)
  await resetFactors(parts, account, signedIn(asked).id)
  return asked.body(null, 204)
}

function idIn(asked: Asked): string {
  return asked.req.param('id') ?? ''
}

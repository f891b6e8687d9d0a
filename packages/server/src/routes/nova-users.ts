import { explainLimit } from 'sojourn/core'
import { type Account, isSuperAdmin } from '../accounts/account.ts'
import { frameOf, pageAnswer, refuse, seeOther } from '../answer.ts'
import { novaUser } from '../pages/nova-user.ts'
import { novaUsers } from '../pages/nova-users.ts'
import type { Asked, Parts } from '../parts.ts'
import { effectivePolicy } from '../settings/effective-policy.ts'
import { readStored } from '../settings/stored-settings.ts'
import { cursorOf } from './list-page.ts'
import { namedAccount, noSuchAccount } from './named-account.ts'
import type { Route } from './route.ts'
import { showSettings, takeSettings } from './settings-form.ts'
import { creatorOf, scopeOf, settingsFor, type SettingsPlace } from './settings-place.ts'
import { signedIn } from './signed-in.ts'
import { readUsers } from './user-filter.ts'

const path = '/nova/resources/users'

/** People, one of them, and the limit that is theirs alone. */
export const novaUsersRoutes: readonly Route[] = [
  { method: 'GET', path, access: 'store-admin', handle: find },
  { method: 'GET', path: `${path}/:id`, access: 'store-admin', handle: show },
  { method: 'GET', path: `${path}/:id/limit`, access: 'store-admin', handle: at(showSettings) },
  {
    method: 'POST',
    path: `${path}/:id/limit`,
    access: 'store-admin',
    body: 'form',
    handle: at(takeSettings),
  },
]

/** By a whole e-mail address, `email`, for whoever administers stores; for a Super Admin all of them. */
async function find(asked: Asked, parts: Parts): Promise<Response> {
  const email = asked.req.query('email')
  if (email === undefined && isSuperAdmin(signedIn(asked))) return showUsers(asked, parts)
  const account = await parts.accounts.findByEmail(email ?? '')
  if (account === undefined) return noSuchAccount(asked)
  return seeOther(asked, `${path}/${encodeURIComponent(account.id)}`)
}

async function showUsers(asked: Asked, parts: Parts): Promise<Response> {
  const page = await readUsers(asked, parts, 50)
  if (page === undefined) return refuse(asked, 400, 'invalid_request', 'There is no such page of users.')
  const isLaterPage = cursorOf(asked) !== undefined
  return pageAnswer(asked, novaUsers({ ...frameOf(asked), ...page, now: parts.sessions.now(), isLaterPage }))
}

async function show(asked: Asked, parts: Parts): Promise<Response> {
  const account = await namedAccount(asked, parts)
  if (account === undefined) return noSuchAccount(asked)
  const stored = await readStored(parts.database)
  const { resolved } = effectivePolicy(parts.config.policy, stored, await scopeOf(parts, account))
  const limit = explainLimit(resolved).sentence
  const who = signedIn(asked)
  return pageAnswer(
    asked,
    novaUser({
      ...frameOf(asked),
      account,
      limit,
      denied: await parts.deniedLogins.of(account.id),
      madeBy: await creatorOf(parts, account),
      now: parts.sessions.now(),
      isSuperAdmin: isSuperAdmin(who),
    }),
  )
}

function at(
  handle: (asked: Asked, parts: Parts, place: SettingsPlace) => Promise<Response>,
): Route['handle'] {
  return async (asked, parts) => {
    const account = await namedAccount(asked, parts)
    if (account === undefined) return noSuchAccount(asked)
    return refuseAbove(asked, account) ?? handle(asked, parts, await limitPlace(asked, parts, account))
  }
}

/** Whoever administers stores shuts no Super Admin out. */
export function refuseAbove(asked: Asked, account: Account): Response | undefined {
  if (!isSuperAdmin(account) || isSuperAdmin(signedIn(asked))) return undefined
  return refuse(asked, 403, 'forbidden', 'The limit of a Super Admin is for Super Admins.')
}

export async function limitPlace(asked: Asked, parts: Parts, account: Account): Promise<SettingsPlace> {
  const layer = { kind: 'subject', name: account.id } as const
  return {
    layer,
    path: `${path}/${encodeURIComponent(account.id)}/limit`,
    title: 'Sessions at once',
    lead: `For ${account.email} alone, whatever holds for everybody. 0: may not sign in.`,
    settings: settingsFor(signedIn(asked), layer),
    scope: await scopeOf(parts, account),
  }
}

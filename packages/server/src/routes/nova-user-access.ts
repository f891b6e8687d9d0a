import { type Account, roles } from '../accounts/account.ts'
import { type AccountChange, administerAccount } from '../accounts/administer-account.ts'
import { frameOf, pageAnswer, seeOther } from '../answer.ts'
import { novaUserAccess } from '../pages/nova-user-access.ts'
import type { Asked, Parts } from '../parts.ts'
import { namedAccount, noSuchAccount } from './named-account.ts'
import { noteOf } from './note-in.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'
import { refuseSensitive } from './step-up.ts'

const path = '/nova/resources/users'

/** What somebody may do, and whether they may sign in: for Super Admins who have just signed in. */
export const novaUserAccessRoutes: readonly Route[] = [
  { method: 'GET', path: `${path}/:id/access`, access: 'super-admin', handle: show },
  ...(['disable', 'enable', 'delete'] as const).map((kind): Route => post(kind, () => ({ kind }))),
  post('roles', (fields) => {
    const chosen = roles.filter((role) => fields.get(role) === 't')
    return chosen.length === 0 ? undefined : { kind: 'roles', roles: chosen }
  }),
]

function post(
  kind: AccountChange['kind'],
  read: (fields: URLSearchParams) => AccountChange | undefined,
): Route {
  return {
    method: 'POST',
    path: `${path}/:id/${kind}`,
    access: 'super-admin',
    body: 'form',
    handle: (asked, parts) => take(asked, parts, read),
  }
}

async function show(asked: Asked, parts: Parts): Promise<Response> {
  const account = await namedAccount(asked, parts)
  if (account === undefined) return noSuchAccount(asked)
  return refuseSensitive(asked, parts, placeOf(account)) ?? showAccess(asked, parts, account)
}

async function take(
  asked: Asked,
  parts: Parts,
  read: (fields: URLSearchParams) => AccountChange | undefined,
): Promise<Response> {
  const account = await namedAccount(asked, parts)
  if (account === undefined) return noSuchAccount(asked)
  const refused = refuseSensitive(asked, parts, placeOf(account))
  if (refused !== undefined) return refused
  const fields = new URLSearchParams(await asked.req.text())
  const change = read(fields)
  if (change === undefined) return showAccess(asked, parts, account, 'Expected at least one role.', 400)
  const note = noteOf(fields.get('note') ?? '')
  if (note === undefined)
    return showAccess(asked, parts, account, 'Expected a note of one line, at most 200 characters.', 400)
  if (!(await administerAccount(parts, account, change, { by: signedIn(asked).id, note })))
    return showAccess(asked, parts, account, lastAdministrator, 409)
  return seeOther(asked, change.kind === 'delete' ? path : `${path}/${encodeURIComponent(account.id)}`)
}

export const lastAdministrator = 'This is the last Super Admin: make somebody else one first.'

async function showAccess(
  asked: Asked,
  { sessions }: Parts,
  account: Account,
  error?: string,
  status: 200 | 400 | 409 = 200,
): Promise<Response> {
  // Only whether there are many is of use to whoever decides.
  const { items } = await sessions.list({ subject: account.id, limit: 1_000 })
  const isOwn = account.id === signedIn(asked).id
  const markup = novaUserAccess({ ...frameOf(asked), account, live: items.length, isOwn, error })
  return pageAnswer(asked, markup, status)
}

function placeOf({ id }: Account): string {
  return `${path}/${encodeURIComponent(id)}/access`
}

import {
  array,
  type GenericSchema,
  maxLength,
  minLength,
  object,
  optional,
  picklist,
  pipe,
  safeParse,
  strictObject,
  string,
} from 'valibot'
import { type Account, roles } from '../accounts/account.ts'
import { type AccountChange, administerAccount } from '../accounts/administer-account.ts'
import { accountStates } from '../accounts/list-accounts.ts'
import { refuse } from '../answer.ts'
import { userSchema, usersSchema, userView } from '../api/user-schemas.ts'
import type { Asked, Parts } from '../parts.ts'
import { namedAccount, noSuchAccount } from './named-account.ts'
import { noteOf } from './note-in.ts'
import { lastAdministrator } from './nova-user-access.ts'
import { pageSize } from './page-size.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'
import { refuseSensitive } from './step-up.ts'
import { readUsers, userQuery } from './user-filter.ts'

const path = '/api/v1/admin/users'

const note = optional(pipe(string(), maxLength(200)), '')
const noteBody = strictObject({ note })
const rolesBody = strictObject({ roles: pipe(array(picklist(roles)), minLength(1)), note })

/** People, for programs of a Super Admin; whoever changes something has just signed in. */
export const apiAdminUsersRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    access: 'super-admin',
    api: {
      summary: 'Accounts, newest first; `search` is a part of the name or of the e-mail address.',
      query: object({ ...userQuery.entries, ...pageSize.entries }),
      answers: { 200: usersSchema },
    },
    handle: list,
  },
  {
    method: 'GET',
    path: `${path}/:id`,
    access: 'super-admin',
    api: { summary: 'One account.', answers: { 200: userSchema } },
    handle: show,
  },
  changing('disable', noteBody, 'Disables an account: its sessions end, and nobody signs in to it.'),
  changing('enable', noteBody, 'Lets a person sign in again.'),
  changing('roles', rolesBody, 'Gives an account other roles, and ends its sessions.'),
  {
    method: 'DELETE',
    path: `${path}/:id`,
    access: 'super-admin',
    api: { summary: 'Removes an account for good: its sessions end.', answers: { 204: null } },
    handle: remove,
  },
]

type Body = { readonly note: string; readonly roles?: AccountRoles }
type AccountRoles = Extract<AccountChange, { kind: 'roles' }>['roles']

function changing(
  kind: 'disable' | 'enable' | 'roles',
  body: GenericSchema<unknown, Body>,
  summary: string,
): Route {
  return {
    method: 'POST',
    path: `${path}/:id/${kind}`,
    access: 'super-admin',
    body: 'json',
    api: { summary, request: body, answers: { 200: userSchema } },
    handle: (asked, parts) => change(asked, parts, kind, body),
  }
}

async function list(asked: Asked, parts: Parts): Promise<Response> {
  const size = safeParse(pageSize, asked.req.query())
  const page = size.success ? await readUsers(asked, parts, size.output.limit) : undefined
  if (page === undefined)
    return refuse(
      asked,
      400,
      'invalid_request',
      `Expected search, role (${roles.join(', ')}), state (${accountStates.join(', ')}), limit (1 to 1000), cursor of an earlier page.`,
    )
  return asked.json({ users: page.accounts.map(userView), cursor: page.cursor })
}

async function show(asked: Asked, parts: Parts): Promise<Response> {
  const account = await namedAccount(asked, parts)
  return account === undefined ? noSuchAccount(asked) : asked.json(userView(account))
}

async function change(
  asked: Asked,
  parts: Parts,
  kind: 'disable' | 'enable' | 'roles',
  schema: GenericSchema<unknown, Body>,
): Promise<Response> {
  const read = safeParse(schema, await asked.req.json().catch(() => undefined))
  const note = read.success ? noteOf(read.output.note) : undefined
  if (!read.success || note === undefined)
    return refuse(
      asked,
      400,
      'invalid_request',
      `Expected ${kind === 'roles' ? `roles, some of ${roles.join(', ')}; ` : ''}note, one line of at most 200 characters.`,
    )
  const account = await carryOut(asked, parts, changeOf(kind, read.output), note)
  if (account instanceof Response) return account
  const now = await parts.accounts.find(account.id)
  return now === undefined ? noSuchAccount(asked) : asked.json(userView(now))
}

function changeOf(kind: 'disable' | 'enable' | 'roles', { roles = [] }: Body): AccountChange {
  return kind === 'roles' ? { kind, roles } : { kind }
}

async function remove(asked: Asked, parts: Parts): Promise<Response> {
  const account = await carryOut(asked, parts, { kind: 'delete' }, '')
  return account instanceof Response ? account : asked.body(null, 204)
}

/** The account that was changed, or the refusal. */
async function carryOut(
  asked: Asked,
  parts: Parts,
  change: AccountChange,
  note: string,
): Promise<Account | Response> {
  const refused = refuseSensitive(asked, parts, '/')
  if (refused !== undefined) return refused
  const account = await namedAccount(asked, parts)
  if (account === undefined) return noSuchAccount(asked)
  if (await administerAccount(parts, account, change, { by: signedIn(asked).id, note })) return account
  return refuse(asked, 409, 'last_administrator', lastAdministrator)
}

import {
  type InferOutput,
  literal,
  maxLength,
  object,
  optional,
  picklist,
  pipe,
  safeParse,
  string,
  union,
} from 'valibot'
import { roles } from '../accounts/account.ts'
import { accountStates, type AccountPage, listAccounts } from '../accounts/list-accounts.ts'
import type { Asked, Parts } from '../parts.ts'
import { cursorOf } from './list-page.ts'

/** A form sends what was left empty as an empty text. */
export const userQuery = object({
  search: optional(pipe(string(), maxLength(254)), ''),
  role: optional(union([literal(''), picklist(roles)]), ''),
  state: optional(union([literal(''), picklist(accountStates)]), ''),
  cursor: optional(pipe(string(), maxLength(128))),
})
export type UserQuery = InferOutput<typeof userQuery>

/** One page of the accounts that a query asks for; `undefined` where it asks for something else. */
export async function readUsers(
  asked: Asked,
  { database }: Parts,
  limit: number,
): Promise<(AccountPage & { readonly filter: UserQuery }) | undefined> {
  const read = safeParse(userQuery, asked.req.query())
  if (!read.success) return undefined
  const { search, role, state } = read.output
  const page = await listAccounts(database, {
    search: search.trim() === '' ? undefined : search,
    role: role === '' ? undefined : role,
    state: state === '' ? undefined : state,
    limit,
    cursor: cursorOf(asked),
  })
  return page && { ...page, filter: read.output }
}

import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/open-database.ts'
import { accountOf } from './account-row.ts'
import { type Account, emailKey, type Role } from './account.ts'

export const accountStates = ['enabled', 'disabled'] as const

export interface AccountQuery {
  /** A part of the name or of the e-mail address, in any case. */
  readonly search?: string | undefined
  readonly role?: Role | undefined
  readonly state?: (typeof accountStates)[number] | undefined
  /** At most so many. */
  readonly limit: number
  /** Where to go on, as a page before said. */
  readonly cursor?: string | undefined
}

export interface AccountPage {
  /** Newest first. */
  readonly accounts: readonly Account[]
  /** Where the next page begins; `null`: there is none. */
  readonly cursor: string | null
}

/** One page of the accounts; `undefined` where the cursor is none of ours. It costs the same at every page. */
export async function listAccounts(
  database: Database,
  { search, role, state, limit, cursor }: AccountQuery,
): Promise<AccountPage | undefined> {
  const after = cursor === undefined ? undefined : placeOf(cursor)
  if (cursor !== undefined && after === undefined) return undefined
  let query = database.selectFrom('accounts').selectAll()
  if (search !== undefined) query = query.where(holds(search))
  if (role !== undefined) query = query.where('roles', 'like', `%"${role}"%`)
  if (state !== undefined) query = query.where('disabled_at', state === 'enabled' ? 'is' : 'is not', null)
  if (after !== undefined)
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('created_at', 'id'), '<', tuple(after.createdAt, after.id)),
    )
  // One more than is shown tells whether there is a next page.
  const rows = await query
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const accounts = rows.slice(0, limit).map(accountOf)
  const last = rows.length > limit ? accounts.at(-1) : undefined
  return { accounts, cursor: last === undefined ? null : `${last.createdAt}.${last.id}` }
}

/** SQLite escapes nothing unless it is told what by. */
function holds(search: string): RawBuilder<boolean> {
  const part = (text: string): string => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  const [email, name] = [part(emailKey(search)), part(search.trim().toLowerCase())]
  return sql<boolean>`(email_key like ${email} escape '\\' or lower(name) like ${name} escape '\\')`
}

function placeOf(cursor: string): { readonly createdAt: number; readonly id: string } | undefined {
  const [, createdAt, id] = /^(\d{1,16})\.([\w-]{1,64})$/.exec(cursor) ?? []
  return createdAt === undefined || id === undefined ? undefined : { createdAt: Number(createdAt), id }
}

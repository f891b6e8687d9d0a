import type { Selectable } from 'kysely'
import type { AccountsTable } from '../database/tables.ts'
import type { Account, Role } from './account.ts'

/** An account of its row, without the hash of its password. */
export function accountOf(row: Selectable<AccountsTable>): Account {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    roles: JSON.parse(row.roles) as Role[],
    sessionLimit: row.session_limit,
    disabledAt: row.disabled_at,
    createdAt: row.created_at,
    phone: row.phone,
    emailVerifiedAt: row.email_verified_at,
    credentialRevision: row.credential_revision,
  }
}

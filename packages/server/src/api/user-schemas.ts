import { array, type InferOutput, nullable, number, picklist, strictObject, string } from 'valibot'
import type { Account } from '../accounts/account.ts'
import { roles } from '../accounts/account.ts'
import { moment } from './session-schemas.ts'

/** An account as administrators' programs see it. */
export const userSchema = strictObject({
  id: string(),
  email: string(),
  name: string(),
  roles: array(picklist(roles)),
  session_limit: nullable(number()),
  disabled_at: nullable(moment),
  created_at: moment,
  email_verified_at: nullable(moment),
})

export const usersSchema = strictObject({ users: array(userSchema), cursor: nullable(string()) })

export function userView(account: Account): InferOutput<typeof userSchema> {
  const { id, email, name, roles, sessionLimit, disabledAt, createdAt, emailVerifiedAt } = account
  return {
    id,
    email,
    name,
    roles: [...roles],
    session_limit: sessionLimit,
    disabled_at: disabledAt,
    created_at: createdAt,
    email_verified_at: emailVerifiedAt,
  }
}

import type { Account } from '../accounts/account.ts'
import type { Asked, Parts } from '../parts.ts'
import { signOut } from '../sign-out.ts'

/**
 * Ends one session of the person who asks. False where there is none of that id: somebody else's is as good as unknown.
 * Ending the session that asks is signing out.
 */
export async function endOwn(asked: Asked, parts: Parts, account: Account, id: string): Promise<boolean> {
  const { sessions } = parts
  const { session } = asked.var
  const found = await sessions.get(id)
  if (found === undefined || found.subject !== account.id) return false
  if (id === session.id) await signOut(asked, parts)
  else await sessions.end({ id, subject: account.id }, 'user_revoked', account.id)
  return true
}

/** Ends all sessions of the person who asks but the one that asks; how many there were. */
export async function endOthers(asked: Asked, { sessions }: Parts, account: Account): Promise<number> {
  const { id } = asked.var.session
  const which = { subject: account.id, ...(id === null ? {} : { except: id }) }
  return (await sessions.end(which, 'user_revoked', account.id)).length
}

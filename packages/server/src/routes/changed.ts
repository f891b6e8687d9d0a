import type { Account } from '../accounts/account.ts'
import { seeOther } from '../answer.ts'
import { type Changed, credentialWasChanged } from '../change-credential.ts'
import type { Asked, Parts } from '../parts.ts'

/** Does what follows a change that is saved, and leads to where it is told: to the sign-in where this session had to end too. */
export async function leadOnAfter(
  asked: Asked,
  parts: Parts,
  account: Account,
  credential: Changed,
): Promise<Response> {
  const isSignedIn = await credentialWasChanged(asked, parts, account, credential)
  return seeOther(asked, isSignedIn ? `/account?done=${credential}` : '/login?reason=credential_changed')
}

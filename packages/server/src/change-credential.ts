import type { Account } from './accounts/account.ts'
import { type Letter, letters } from './mail/letters.ts'
import type { Asked, Parts } from './parts.ts'
import { siteOf } from './site.ts'

export type Changed = keyof typeof words

const words = {
  password: 'password',
  email: 'e-mail address',
  phone: 'phone number',
  mfa: 'second factor',
} as const

/**
 * What follows once somebody who is signed in has changed a credential of theirs: links that were sent before are good for
 * nothing, sessions end as the policy says (PCA-07), the session that stays gets a new token, and the person hears of it at
 * the address that they had, by `letter` where it can say more. Whether they are still signed in here.
 */
export async function credentialWasChanged(
  asked: Asked,
  parts: Parts,
  account: Account,
  credential: Changed,
  letter: Letter = letters.changed(siteOf(parts.config), words[credential]),
): Promise<boolean> {
  const { sessions, links, mailer, log } = parts
  const { session } = asked.var
  await links.revoke(account.id)
  const { current } = await sessions.credentialChanged(account.id, {
    credential,
    how: 'in-session',
    ...(session.id === null ? {} : { current: session.id }),
  })
  if (current !== null) await session.renew()
  log.info({ event: 'account.changed', account: account.id, changed: credential }, 'a credential was changed')
  mailer?.post({ to: account.email, ...letter })
  return current !== null
}

import type { Account } from './accounts/account.ts'
import { letters } from './mail/letters.ts'
import type { Asked, Parts } from './parts.ts'
import { siteOf } from './site.ts'

export type Changed = keyof typeof words

const words = { password: 'password', email: 'e-mail address', phone: 'phone number' } as const

/**
 * What follows once somebody who is signed in has changed a credential of theirs: links that were sent before are good for
 * nothing, sessions end as the policy says (PCA-07), the session that stays gets a new token, and the person hears of it at
 * the address that they had. Whether they are still signed in here.
 */
export async function credentialWasChanged(
  asked: Asked,
  { sessions, links, mailer, config, log }: Parts,
  account: Account,
  credential: Changed,
): Promise<boolean> {
  const { session } = asked.var
  await links.revoke(account.id)
  const { current } = await sessions.credentialChanged(account.id, {
    credential,
    how: 'in-session',
    ...(session.id === null ? {} : { current: session.id }),
  })
  if (current !== null) await session.renew()
  log.info({ event: 'account.changed', account: account.id, changed: credential }, 'a credential was changed')
  mailer?.post({ to: account.email, ...letters.changed(siteOf(config), words[credential]) })
  return current !== null
}

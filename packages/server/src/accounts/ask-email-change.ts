import type { Millis } from 'sojourn'
import { hour } from 'sojourn/core'
import { letters } from '../mail/letters.ts'
import type { Parts } from '../parts.ts'
import { pageAt, siteOf } from '../site.ts'
import type { Account } from './account.ts'

/**
 * Sends a link to the new address of somebody who is signed in, and tells the old one. Where the new one is another account's,
 * its holder is told instead: who asks gets the same answer either way.
 */
export async function askEmailChange(
  { accounts, links, mailLimit, mailer, config }: Parts,
  account: Account,
  email: string,
  address: string | null,
): Promise<{ readonly state: 'asked' } | { readonly state: 'too_many'; readonly wait: Millis }> {
  const turn = await mailLimit.ask(address)
  if (typeof turn === 'number') return { state: 'too_many', wait: turn }
  const maySend = await mailLimit.maySend(email)
  const holder = await accounts.findByEmail(email)
  // Where there is a holder, nobody ever sees the token.
  const token = await links.issue({
    purpose: 'change-email',
    account: account.id,
    email,
    details: { email },
    lasts: hour,
  })
  if (!maySend) return { state: 'asked' }
  const site = siteOf(config)
  if (holder === undefined)
    mailer?.post({
      to: email,
      ...letters.confirmEmail(site, pageAt(config, '/account/email/confirm', { token })),
    })
  else mailer?.post({ to: holder.email, ...letters.emailInUse(site) })
  mailer?.post({ to: account.email, ...letters.emailAsked(site, pageAt(config, '/login/reset')) })
  return { state: 'asked' }
}

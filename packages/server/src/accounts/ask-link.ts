import type { Millis } from 'sojourn'
import { minute } from 'sojourn/core'
import { letters } from '../mail/letters.ts'
import type { Parts } from '../parts.ts'
import { pageAt, siteOf } from '../site.ts'

/** What somebody who is not signed in may ask a letter for. */
export type Errand = 'sign-in' | 'reset-password'

export interface Asking {
  readonly errand: Errand
  readonly email: string
  /** Of whoever asks. */
  readonly address: string | null
  readonly returnTo: string | undefined
}

export type AskedFor =
  /** A letter is on its way, or there is no such account: nobody but the reader of its mail learns which. */
  { readonly state: 'asked' } | { readonly state: 'too_many'; readonly wait: Millis }

const errands = {
  'sign-in': { lasts: 15 * minute, path: '/login/link', letter: letters.signIn },
  'reset-password': { lasts: 30 * minute, path: '/login/reset', letter: letters.resetPassword },
} as const

/**
 * Sends a link to an address that has an account. For one that has none the same is counted, looked up and written; only the
 * letter, which is sent after the answer, is left out.
 */
export async function askLink(parts: Parts, asking: Asking): Promise<AskedFor> {
  const { accounts, links, mailLimit, mailer, config } = parts
  const { errand, email, address, returnTo } = asking
  const turn = await mailLimit.ask(address)
  if (typeof turn === 'number') return { state: 'too_many', wait: turn }
  const { lasts, path, letter } = errands[errand]
  const maySend = await mailLimit.maySend(email)
  const found = await accounts.findByEmail(email)
  const account = found?.disabledAt === null ? found : undefined
  const more = { account: account?.id ?? null, email, lasts }
  const token =
    errand === 'sign-in'
      ? await links.issue({ purpose: errand, details: { returnTo: returnTo ?? null }, ...more })
      : await links.issue({ purpose: errand, details: {}, ...more })
  if (account !== undefined && maySend)
    mailer?.post({ to: account.email, ...letter(siteOf(config), pageAt(config, path, { token })) })
  return { state: 'asked' }
}

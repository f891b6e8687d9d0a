import type { InferOutput } from 'valibot'
import type { Millis } from 'sojourn'
import { day } from 'sojourn/core'
import { letters } from '../mail/letters.ts'
import type { Parts } from '../parts.ts'
import { pageAt, siteOf } from '../site.ts'
import type { signupForm } from './new-account.ts'
import { networkOf } from './network.ts'

export interface SignUpAsked {
  readonly form: InferOutput<typeof signupForm>
  /** Of whoever asks. */
  readonly address: string | null
  readonly remember: boolean
  readonly returnTo: string | undefined
}

/**
 * A sign-up on a server that sends mail: nothing is made before the address is confirmed, and the answer is the same whether
 * it has an account or not. What differs, the letter, goes to its holder alone, after the answer.
 */
export async function askSignUp(
  parts: Parts,
  { form, address, remember, returnTo }: SignUpAsked,
): Promise<{ readonly state: 'asked' } | { readonly state: 'too_many'; readonly wait: Millis }> {
  const { accounts, lockout, links, mailLimit, mailer, config } = parts
  const turn = await lockout.signUp(address)
  if (typeof turn === 'number') return { state: 'too_many', wait: turn }
  const { name, email, password } = form
  const passwordHash = await accounts.hash(password, networkOf(address)).catch(async (error: unknown) => {
    await lockout.giveBack([turn])
    throw error
  })
  const maySend = await mailLimit.maySend(email)
  const holder = await accounts.findByEmail(email)
  // Where there is a holder, nobody ever sees the token.
  const token = await links.issue({
    purpose: 'sign-up',
    account: null,
    email,
    details: { name, email, passwordHash, remember, returnTo: returnTo ?? null },
    lasts: day,
  })
  if (!maySend) return { state: 'asked' }
  const site = siteOf(config)
  if (holder === undefined)
    mailer?.post({
      to: email,
      ...letters.confirmSignUp(site, pageAt(config, '/signup/confirm', { token })),
    })
  else
    mailer?.post({
      to: holder.email,
      ...letters.hasAccount(site, pageAt(config, '/login'), pageAt(config, '/login/reset')),
    })
  return { state: 'asked' }
}

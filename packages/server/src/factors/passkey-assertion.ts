import { generateAuthenticationOptions, verifyAuthenticationResponse } from '@simplewebauthn/server'
import type { Account } from '../accounts/account.ts'
import type { Parts } from '../parts.ts'
import { type ChallengeFor, challengeLasts } from './challenges.ts'
import { challengeIn, readAssertion } from './passkey-answers.ts'
import type { Passkey } from './passkeys.ts'
import { relyingParty } from './relying-party.ts'

/** A sign-in by a passkey alone, or the second step of one that waits. */
export type AssertedFor = Exclude<ChallengeFor, { readonly purpose: 'register' }>

export type Asserted =
  | {
      readonly state: 'good'
      readonly account: Account
      readonly passkey: Passkey
      readonly isVerified: boolean
    }
  /** `why` is for the log alone: whoever asks hears one sentence for all. `passkey`: where there is one of that id. */
  | { readonly state: 'refused'; readonly why: string; readonly passkey?: Passkey }

/** What the browser is asked for. Without a password before it, the passkey itself has to tell its person from another. */
export async function assertionOptions({ factors, config }: Parts, what: AssertedFor) {
  const known = what.purpose === 'second-step' ? await factors.passkeys.of(what.account) : []
  return generateAuthenticationOptions({
    rpID: relyingParty(config).id,
    challenge: factors.challenges.issue(what),
    timeout: challengeLasts,
    allowCredentials: known.map(({ id, transports }) => ({ id, transports: [...transports] })),
    userVerification: what.purpose === 'sign-in' ? 'required' : 'preferred',
  })
}

/**
 * Whose passkey has answered our challenge, for this site, once, with a counter that goes on. The account is read before
 * the use is noted: whoever removes the passkey afterwards raises its revision, and a sign-in that is under way notices.
 */
export async function judgeAssertion(
  { accounts, factors, config }: Parts,
  what: AssertedFor,
  written: string,
): Promise<Asserted> {
  const { challenges, passkeys } = factors
  const response = readAssertion(written)
  if (response === undefined) return { state: 'refused', why: 'malformed' }
  const text = challengeIn(response)
  const challenge = challenges.read(what, text)
  if (challenge === undefined) return { state: 'refused', why: 'challenge' }
  const passkey = await passkeys.find(response.id)
  if (passkey === undefined || !isOf(passkey, what, response.response.userHandle))
    return { state: 'refused', why: 'unknown' }
  const account = await accounts.find(passkey.account)
  if (account === undefined || account.disabledAt !== null)
    return { state: 'refused', why: 'account_disabled', passkey }
  const { origin, id: rp } = relyingParty(config)
  const { id, publicKey, counter } = passkey
  const verified = await verifyAuthenticationResponse({
    response,
    expectedChallenge: text,
    expectedOrigin: origin,
    expectedRPID: rp,
    credential: { id, publicKey, counter },
    requireUserVerification: what.purpose === 'sign-in',
  }).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
  if (verified instanceof Error) return { state: 'refused', why: verified.message, passkey }
  if (!verified.verified) return { state: 'refused', why: 'signature', passkey }
  if (!(await challenges.spend(challenge))) return { state: 'refused', why: 'replayed', passkey }
  const { newCounter, userVerified: isVerified } = verified.authenticationInfo
  if (!(await passkeys.noteUse(passkey, newCounter))) return { state: 'refused', why: 'counter', passkey }
  return { state: 'good', account, passkey, isVerified }
}

/** A sign-in goes to whom the passkey itself names; a second step to whose first it was. */
function isOf({ account }: Passkey, what: AssertedFor, userHandle: string | undefined): boolean {
  const named = userHandle === undefined ? undefined : Buffer.from(userHandle, 'base64url').toString()
  if (what.purpose === 'second-step') return account === what.account && (named ?? account) === account
  return named === account
}

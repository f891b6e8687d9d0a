import { generateRegistrationOptions, verifyRegistrationResponse } from '@simplewebauthn/server'
import type { Account } from '../accounts/account.ts'
import type { Parts } from '../parts.ts'
import { siteOf } from '../site.ts'
import { challengeLasts } from './challenges.ts'
import { challengeIn, readRegistration } from './passkey-answers.ts'
import { mostPasskeys } from './passkeys.ts'
import { relyingParty } from './relying-party.ts'

/** COSE: EdDSA, ES256 and RS256, which all authenticators know one of, and all versions of Node can check. */
const supportedAlgorithmIDs = [-8, -7, -257]

/** Who registers a passkey, and in which session. */
export interface Registrant {
  readonly account: Account
  readonly session: string
}

export type Registered =
  | { readonly state: 'added'; readonly isSynced: boolean; readonly isVerified: boolean }
  /** The answer is not good, or the credential is somebody's already. */
  | { readonly state: 'refused'; readonly why: string }
  | { readonly state: 'too_many' }

/** What the browser is asked to make. It need not say who made the authenticator: nobody here would judge by it. */
export async function registrationOptions({ factors, config }: Parts, { account, session }: Registrant) {
  const known = await factors.passkeys.of(account.id)
  return generateRegistrationOptions({
    rpName: siteOf(config),
    rpID: relyingParty(config).id,
    userName: account.email,
    userDisplayName: account.name,
    // The id says nothing of its person.
    userID: new Uint8Array(Buffer.from(account.id)),
    challenge: factors.challenges.issue({ purpose: 'register', account: account.id, session }),
    timeout: challengeLasts,
    attestationType: 'none',
    supportedAlgorithmIDs,
    excludeCredentials: known.map(({ id, transports }) => ({ id, transports: [...transports] })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  })
}

/** Keeps a passkey that was made by this session, for this site, at our asking, once. */
export async function registerPasskey(
  { factors, config }: Parts,
  { account, session }: Registrant,
  written: string,
  name: string,
): Promise<Registered> {
  const { challenges, passkeys } = factors
  const response = readRegistration(written)
  if (response === undefined) return refused('malformed')
  const text = challengeIn(response)
  const challenge = challenges.read({ purpose: 'register', account: account.id, session }, text)
  if (challenge === undefined) return refused('challenge')
  const { origin, id: rp } = relyingParty(config)
  const verified = await verifyRegistrationResponse({
    response,
    expectedChallenge: text,
    expectedOrigin: origin,
    expectedRPID: rp,
    supportedAlgorithmIDs,
    // What cannot tell its person from another is a second factor still.
    requireUserVerification: false,
  }).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
  if (verified instanceof Error) return refused(verified.message)
  if (!verified.verified) return refused('signature')
  if (!(await challenges.spend(challenge))) return refused('replayed')
  if ((await passkeys.of(account.id)).length >= mostPasskeys) return { state: 'too_many' }
  const { credential, credentialDeviceType, userVerified: isVerified } = verified.registrationInfo
  const isSynced = credentialDeviceType === 'multiDevice'
  const added = await passkeys.add({
    id: credential.id,
    account: account.id,
    publicKey: new Uint8Array(credential.publicKey),
    counter: credential.counter,
    transports: response.response.transports,
    isSynced,
    name,
  })
  return added ? { state: 'added', isSynced, isVerified } : refused('known')
}

function refused(why: string): Registered {
  return { state: 'refused', why }
}

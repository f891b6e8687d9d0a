import { SignJWT } from 'jose'
import type { Claimed } from '../webhooks/claim.ts'
import type { Sending } from '../webhooks/deliver.ts'
import { algorithm, type SigningKey } from './event-keys.ts'
import { sessionRevoked } from './session-revoked.ts'
import { verification } from './verification.ts'

export interface TokenFacts {
  readonly issuer: string
  readonly audience: string
  /** When it is signed, in milliseconds. */
  readonly now: number
  /** What is sent as `Authorization`, where the receiver asks for it. */
  readonly authorization?: string | undefined
}

/**
 * An event as a security event token (RFC 8417) for delivery by push (RFC 8935). It has neither `sub` nor `exp`: no receiver
 * can take it for a login. Its `jti` is the id of the event, whichever attempt it is.
 */
export async function securityEvent(
  claimed: Pick<Claimed, 'event' | 'endpoint' | 'type' | 'at' | 'data'>,
  { issuer, audience, now, authorization }: TokenFacts,
  { id: kid, key }: SigningKey,
): Promise<Sending> {
  const said = claimed.type === 'session.ended' ? sessionRevoked(claimed, issuer) : verification(claimed)
  const body = await new SignJWT({ ...said })
    .setProtectedHeader({ alg: algorithm, typ: 'secevent+jwt', kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(Math.floor(now / 1_000))
    .setJti(claimed.event)
    .sign(key)
  return {
    headers: {
      'content-type': 'application/secevent+jwt',
      accept: 'application/json',
      ...(authorization === undefined ? {} : { authorization }),
    },
    body,
  }
}

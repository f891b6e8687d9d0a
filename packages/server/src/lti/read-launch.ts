import { errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose'
import { literal, maxLength, minLength, object, pipe, safeParse, string } from 'valibot'
import type { Instant } from 'sojourn'
import { advices, Distrust, told } from '../round-trips/distrust.ts'
import type { LtiSettings } from '../integrations/lti.ts'

/** Somebody whom a platform vouches for. */
export interface Launch {
  /** The platform's own id of the person. */
  readonly subject: string
  readonly email: string | undefined
  readonly name: string | undefined
  /** Where the platform wants them to go. Not checked yet. */
  readonly target: string | undefined
}

/** Public keys only: neither `none` nor a secret that both know, for which a public key could be taken. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

/** How far the clocks of both servers may be apart, and how long ago a token may have been made, in seconds. */
export const clockTolerance = 60
export const longestTokenAge = 600

const claim = (name: string): string => `https://purl.imsglobal.org/spec/lti/claim/${name}`
const text = (most: number) => pipe(string(), minLength(1), maxLength(most))

/** LTI 1.3 core, 5.3: what a launch must say. `sub` is absent where the platform sends nobody in particular. */
const message = object({
  sub: text(255),
  [claim('version')]: literal('1.3.0'),
  [claim('message_type')]: literal('LtiResourceLinkRequest'),
  [claim('deployment_id')]: text(255),
})

const wanted: { readonly [claim: string]: string } = {
  sub: 'somebody’s id (“sub”); launches of nobody in particular are not let in',
  [claim('version')]: 'LTI version “1.3.0”',
  [claim('message_type')]: 'a message of type “LtiResourceLinkRequest”',
  [claim('deployment_id')]: 'a deployment',
}

export interface LaunchProof {
  readonly token: string
  /** The one that was sent along when this sign-in left. */
  readonly nonce: string
  readonly keys: JWTVerifyGetKey
  readonly now: Instant
}

/**
 * What a platform's token says, once all of it is believed: signed by a key of the platform, for this server, in its time,
 * for this very sign-in, and from a deployment that may. Throws `Distrust`.
 */
export async function readLaunch(settings: LtiSettings, proof: LaunchProof): Promise<Launch> {
  const payload = await verify(settings, proof)
  refuseOtherParty(settings, payload)
  if (payload['nonce'] !== proof.nonce)
    throw new Distrust('nonce', {
      expected: 'the nonce of this sign-in',
      came: payload['nonce'] === undefined ? 'none' : 'another one',
      advice: advices.again,
    })
  const read = safeParse(message, payload)
  if (!read.success) {
    const found = read.issues[0].path?.[0]?.key
    const key = typeof found === 'string' ? found : ''
    throw new Distrust('message', {
      expected: wanted[key] ?? `a claim “${key}” that reads`,
      came: told(payload[key]),
      advice: advices.settings,
    })
  }
  const deployment = String(payload[claim('deployment_id')])
  if (!settings.deploymentIds.includes(deployment))
    throw new Distrust('deployment', {
      expected: 'a deployment that stands in the settings of the integration',
      came: told(deployment),
      advice: advices.settings,
    })
  const target = payload[claim('target_link_uri')]
  const { sub: subject = '', email, name } = payload
  return {
    subject,
    email: asText(email),
    name: asText(name),
    target: asText(target),
  }
}

/** What need not be there, and is nothing where it is not a text. */
function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

async function verify({ issuer, clientId }: LtiSettings, proof: LaunchProof): Promise<JWTPayload> {
  try {
    const { payload, protectedHeader } = await jwtVerify(proof.token, named(proof.keys), {
      algorithms,
      issuer,
      audience: clientId,
      clockTolerance,
      maxTokenAge: longestTokenAge,
      currentDate: new Date(proof.now),
      requiredClaims: ['exp', 'iat', 'nonce'],
    })
    refuseOtherType(protectedHeader.typ)
    return payload
  } catch (error) {
    throw error instanceof errors.JOSEError ? distrustOf(error, { issuer, clientId }) : error
  }
}

/** A token that names no key could be tried with all of them. */
function named(keys: JWTVerifyGetKey): JWTVerifyGetKey {
  return (header, token) => {
    if (typeof header.kid !== 'string' || header.kid === '') throw new errors.JWKSNoMatchingKey()
    return keys(header, token)
  }
}

/**
 * What a platform signs for something else, such as an access token or a security event, is no launch (RFC 8725 3.11). One
 * that does not say what it is, is judged by what it holds.
 */
function refuseOtherType(typ: string | undefined): void {
  if (typ === undefined || typ.toUpperCase() === 'JWT') return
  throw new Distrust('type', {
    expected: 'a token of the type “JWT”',
    came: told(typ),
    advice: advices.settings,
  })
}

/** OpenID Connect core, 3.1.3.7: a token for several must say that it was given to this one. */
function refuseOtherParty({ clientId }: LtiSettings, { aud, azp }: JWTPayload): void {
  const isForSeveral = Array.isArray(aud) && aud.length > 1
  if (azp === undefined ? !isForSeveral : azp === clientId) return
  throw new Distrust('audience', {
    expected: `a token that was given to “${clientId}” (“azp”)`,
    came: told(azp),
    advice: advices.settings,
  })
}

function distrustOf(
  error: errors.JOSEError,
  { issuer, clientId }: Pick<LtiSettings, 'issuer' | 'clientId'>,
): Distrust {
  if (error instanceof errors.JWTExpired)
    return new Distrust('expired', {
      expected: 'a token of now',
      came: 'one that has expired',
      advice: advices.clocks,
    })
  if (error instanceof errors.JWTClaimValidationFailed) return claimDistrust(error, { issuer, clientId })
  const [why, expected, came] = proofFaults[error.code] ?? ['malformed', 'a signed token', 'something else']
  return new Distrust(why, { expected, came, advice: advices.settings })
}

const proofFaults: { readonly [code: string]: readonly [why: string, expected: string, came: string] } = {
  ERR_JOSE_ALG_NOT_ALLOWED: [
    'algorithm',
    `a signature by one of ${algorithms.join(', ')}`,
    'another algorithm',
  ],
  ERR_JOSE_NOT_SUPPORTED: [
    'algorithm',
    `a signature by one of ${algorithms.join(', ')}`,
    'another algorithm',
  ],
  ERR_JWKS_NO_MATCHING_KEY: [
    'unknown_key',
    'a signature by a key of the platform',
    'one by a key that is not among its keys',
  ],
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: [
    'unknown_key',
    'a signature by one key of the platform',
    'one that may be by several',
  ],
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: [
    'signature',
    'a signature by a key of the platform',
    'one that does not match',
  ],
}

function claimDistrust(
  { claim: name, payload, reason }: errors.JWTClaimValidationFailed,
  { issuer, clientId }: Pick<LtiSettings, 'issuer' | 'clientId'>,
): Distrust {
  const came = told(payload[name])
  if (name === 'iss')
    return new Distrust('issuer', {
      expected: `a token of “${issuer}” (“iss”)`,
      came,
      advice: advices.settings,
    })
  if (name === 'aud')
    return new Distrust('audience', {
      expected: `a token for “${clientId}” (“aud”)`,
      came,
      advice: advices.settings,
    })
  const isMissing = reason === 'missing'
  return new Distrust(isMissing ? 'malformed' : 'time', {
    expected: isMissing ? `a token that says “${name}”` : `a token of now (“${name}”)`,
    came: isMissing ? 'none' : 'one of another time',
    advice: isMissing ? advices.settings : advices.clocks,
  })
}

import type { Instant, Millis } from 'sojourn'
import { minute } from 'sojourn/core'
import { advices, Distrust, told } from '../round-trips/distrust.ts'
import type { SamlSettings } from '../integrations/saml.ts'
import type { OwnAddresses } from './own-addresses.ts'
import type { Assertion, SamlResponse } from './saml-shapes.ts'

export interface Judging {
  readonly settings: SamlSettings
  readonly own: OwnAddresses
  /** The request that it must answer; `null`: it must answer none. */
  readonly requestId: string | null
  readonly now: Instant
}

/** How far the clocks of both servers may be apart. */
export const clockTolerance: Millis = minute

const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
const success = 'urn:oasis:names:tc:SAML:2.0:status:Success'

/** What is around an assertion: the status, and whom it is for where it says so. Throws `Distrust`. */
export function judgeResponse(
  { $, Issuer, Status }: SamlResponse,
  { settings, own, requestId }: Judging,
): void {
  const status = Status[0]?.StatusCode[0]?.$.Value
  if (status !== success)
    throw new Distrust('status', {
      expected: 'a sign-in that succeeded at the identity provider',
      came: told(status?.replace(/^.*:/, '')),
      advice: 'Sign in there again. If it happens every time, ask those who run it.',
    })
  refuseOther('version', 'SAML “2.0”', '2.0', $.Version)
  if (Issuer !== undefined)
    refuseOther('issuer', `a response of “${settings.entityId}”`, settings.entityId, Issuer[0]?._)
  if ($.Destination !== undefined)
    refuseOther('destination', `a response to ${own.acs}`, own.acs, $.Destination)
  if ($.InResponseTo !== undefined && $.InResponseTo !== requestId) throw otherRequest()
}

/**
 * Whether a signed assertion is of this identity provider, for this server, in its time and the answer to this request. Gives
 * the last moment at which anybody would believe it. Throws `Distrust`.
 */
export function judgeAssertion(assertion: Assertion, judging: Judging): Instant {
  const { settings, own, now } = judging
  refuseOther('version', 'SAML “2.0”', '2.0', assertion.$.Version)
  refuseOther('issuer', `an assertion of “${settings.entityId}”`, settings.entityId, assertion.Issuer[0]?._)
  for (const { $, AudienceRestriction } of assertion.Conditions) {
    refuseOtherTime($, now)
    for (const { Audience } of AudienceRestriction)
      if (!Audience.some(({ _ }) => _ === own.entityId))
        throw new Distrust('audience', {
          expected: `an assertion for “${own.entityId}”`,
          came: told(Audience.map(({ _ }) => _).join(', ')),
          advice: advices.settings,
        })
  }
  return judgeConfirmations(assertion, judging)
}

/** Until when the provider lets a session of its word live, where it says so (`SessionNotOnOrAfter`). Throws `Distrust` where that is over. */
export function sessionEnd(
  { AuthnStatement }: Assertion,
  { now }: Pick<Judging, 'now'>,
): Instant | undefined {
  const ends = AuthnStatement.flatMap(({ $ }) =>
    $.SessionNotOnOrAfter === undefined ? [] : [$.SessionNotOnOrAfter],
  )
  if (ends.length === 0) return undefined
  const end = Math.min(...ends.map(momentOf)) - 1
  if (end >= now) return end
  throw new Distrust('expired', {
    expected: 'a sign-in that the provider lets last',
    came: 'one that is over there',
    advice: advices.clocks,
  })
}

type Confirmed = NonNullable<
  NonNullable<
    Assertion['Subject'][number]['SubjectConfirmation'][number]['SubjectConfirmationData']
  >[number]['$']
>

/** One of them has to fit (SAML profiles, 4.1.4.3). Where none does, what is wrong with the last one is told. */
function judgeConfirmations({ Subject }: Assertion, judging: Judging): Instant {
  let distrust = new Distrust('confirmation', {
    expected: 'somebody confirmed by bearer',
    came: 'no such confirmation',
    advice: advices.settings,
  })
  for (const { $, SubjectConfirmationData } of Subject.flatMap(
    ({ SubjectConfirmation }) => SubjectConfirmation,
  )) {
    if ($.Method !== bearer) continue
    try {
      return judgeConfirmation(SubjectConfirmationData?.[0]?.$ ?? {}, judging)
    } catch (error) {
      if (!(error instanceof Distrust)) throw error
      distrust = error
    }
  }
  throw distrust
}

function judgeConfirmation(data: Confirmed, { own, requestId, now }: Judging): Instant {
  refuseOther('recipient', `an assertion to ${own.acs}`, own.acs, data.Recipient)
  if (data.NotOnOrAfter === undefined)
    throw new Distrust('time', {
      expected: 'an assertion that says until when it is good',
      came: 'one that does not',
      advice: advices.settings,
    })
  refuseOtherTime(data, now)
  if (data.InResponseTo !== (requestId ?? undefined)) throw otherRequest()
  return momentOf(data.NotOnOrAfter) + clockTolerance
}

function refuseOtherTime(
  { NotBefore, NotOnOrAfter }: Pick<Confirmed, 'NotBefore' | 'NotOnOrAfter'>,
  now: Instant,
): void {
  const refused = (why: string, came: string): Distrust =>
    new Distrust(why, { expected: 'an assertion of now', came, advice: advices.clocks })
  if (NotBefore !== undefined && now < momentOf(NotBefore) - clockTolerance)
    throw refused('time', `one from ${NotBefore} on`)
  if (NotOnOrAfter !== undefined && now >= momentOf(NotOnOrAfter) + clockTolerance)
    throw refused('expired', `one until ${NotOnOrAfter}`)
}

/** SAML core, 1.3.3: UTC, without another zone. */
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/

function momentOf(written: string): Instant {
  const at = moment.test(written) ? Date.parse(written) : Number.NaN
  if (!Number.isNaN(at)) return at
  throw new Distrust('time', {
    expected: 'a moment in UTC such as 2026-01-01T00:00:00Z',
    came: told(written),
    advice: advices.settings,
  })
}

function refuseOther(why: string, expected: string, wanted: string, came: string | undefined): void {
  if (came !== wanted) throw new Distrust(why, { expected, came: told(came), advice: advices.settings })
}

function otherRequest(): Distrust {
  return new Distrust('in_response_to', {
    expected: 'the answer to the request of this sign-in',
    came: 'the answer to another one, or to none',
    advice: advices.again,
  })
}

import { type GenericSchema, type InferOutput, safeParse } from 'valibot'
import { parseStringPromise, processors } from 'xml2js'
import type { Instant } from 'sojourn'
import { advices, Distrust } from '../round-trips/distrust.ts'
import { judgeAssertion, judgeResponse, type Judging, sessionEnd } from './judge-assertion.ts'
import { decodedResponse, malformed, refuseRiskyXml } from './refuse-risky-xml.ts'
import { samlClient } from './saml-client.ts'
import type { SamlSettings } from '../integrations/saml.ts'
import { type Assertion, assertionShape, responseShape } from './saml-shapes.ts'

/** Somebody whom an identity provider vouches for. */
export interface Vouched {
  readonly subject: string
  readonly email: string | undefined
  readonly name: string | undefined
  /** Of the assertion. It may be taken once, and has to be remembered up to `expiresAt`. */
  readonly id: string
  readonly expiresAt: Instant
  /** The last moment of a session by it; left out: as the policy says. */
  readonly endsAt: Instant | undefined
}

/**
 * Who a posted `SAMLResponse` says has signed in, once all of it is believed. What it says is read from what the signature
 * covers, and from nothing else of the document. Throws `Distrust`.
 */
export async function readResponse(posted: string, judging: Judging): Promise<Vouched> {
  const xml = decodedResponse(posted)
  refuseRiskyXml(xml)
  judgeResponse(shaped(responseShape, await parsed(xml)).Response, judging)
  const { Assertion } = shaped(assertionShape, await signedAssertion(posted, judging))
  const expiresAt = judgeAssertion(Assertion, judging)
  const { settings } = judging
  return {
    subject: subjectOf(Assertion, settings),
    email: attribute(Assertion, settings.emailAttribute),
    name: attribute(Assertion, settings.nameAttribute),
    id: Assertion.$.ID,
    expiresAt,
    endsAt: sessionEnd(Assertion, judging),
  }
}

async function signedAssertion(posted: string, { settings, own }: Judging): Promise<unknown> {
  try {
    const client = samlClient(settings, own)
    const { profile } = await client.validatePostResponseAsync({ SAMLResponse: posted })
    return profile?.getAssertion?.()
  } catch (cause) {
    throw refusalOf(cause)
  }
}

/** All that the library throws is a refusal. Its words are not shown: they may hold what came. */
function refusalOf(cause: unknown): Distrust {
  // Of an assertion whose signature is good it reads the moments, without judging them.
  const isMoment = cause instanceof Error && /NotOnOrAfter|NotBefore|IssueInstant/.test(cause.message)
  const distrust = isMoment
    ? new Distrust('time', {
        expected: 'an assertion that says until when it is good (NotOnOrAfter)',
        came: 'one that does not, or not in a way that reads',
        advice: advices.settings,
      })
    : new Distrust('signature', {
        expected: 'one assertion, signed by a certificate in the settings of the integration',
        came: 'none that is',
        advice: advices.settings,
      })
  distrust.cause = cause
  return distrust
}

async function parsed(xml: string): Promise<unknown> {
  try {
    return await parseStringPromise(xml, {
      explicitCharkey: true,
      tagNameProcessors: [processors.stripPrefix],
    })
  } catch {
    throw malformed('something that is no XML')
  }
}

function shaped<Schema extends GenericSchema>(schema: Schema, value: unknown): InferOutput<Schema> {
  const read = safeParse(schema, value)
  if (read.success) return read.output
  const at = (read.issues[0].path ?? []).map(({ key }) => String(key)).filter((key) => !/^\d+$/.test(key))
  throw new Distrust('malformed', {
    expected: `a response of SAML 2.0 with one ${at.join(' › ')}`,
    came: 'one without it, or with several',
    advice: advices.settings,
  })
}

const transient = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'

function subjectOf(assertion: Assertion, { idAttribute }: SamlSettings): string {
  const [nameId] = assertion.Subject[0]?.NameID ?? []
  const isTransient = idAttribute === undefined && nameId?.$?.Format === transient
  const subject = idAttribute === undefined ? nameId?._ : attribute(assertion, idAttribute)
  if (!isTransient && subject !== undefined && subject !== '' && subject.length <= longest) return subject
  throw new Distrust('subject', {
    expected: `an id of the person that stays the same, of 1 to ${longest} characters, as ${idAttribute === undefined ? 'NameID' : `the attribute “${idAttribute}”`}`,
    came: isTransient ? 'one for this sign-in alone (transient)' : 'none',
    advice: advices.settings,
  })
}

const longest = 255

/** The first value of an attribute. */
function attribute({ AttributeStatement }: Assertion, name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  const found = AttributeStatement.flatMap(({ Attribute }) => Attribute).find(({ $ }) => $.Name === name)
  return found?.AttributeValue?.[0]?._
}

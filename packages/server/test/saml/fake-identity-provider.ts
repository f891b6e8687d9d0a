import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import { inflateRawSync } from 'node:zlib'
import { SignedXml } from 'xml-crypto'
import type { Instant } from 'sojourn'
import { minute } from 'sojourn/core'
import type { SamlSettings } from '../../src/integrations/saml.ts'
import type { Given } from '../a-server.ts'
import type { Answer, Browser } from '../browser.ts'
import { aServerWithIntegrations, type IntegratedTest } from '../round-trips/a-server-with-integrations.ts'
import { postFromElsewhere, site } from '../round-trips/from-elsewhere.ts'
import { selfSigned, type SigningKey } from './self-signed.ts'

export const entityId = 'https://idp.example/entity'
export const signInUrl = 'https://idp.example/sso?tenant=7'

/** Made once: keys take their time. */
export const key = selfSigned()
export const otherKey = selfSigned()

/** What a response says. A test has some of it otherwise. */
export interface Said {
  readonly issuer: string
  readonly responseIssuer: string
  readonly audiences: readonly string[]
  readonly recipient: string | null
  readonly destination: string | null
  readonly inResponseTo: string | null
  readonly responseInResponseTo: string | null
  readonly method: string
  readonly notBefore: Instant
  readonly notOnOrAfter: Instant
  readonly confirmedUntil: Instant | null
  readonly sessionUntil: Instant | null
  readonly nameId: string
  readonly nameIdFormat: string
  readonly attributes: { readonly [name: string]: readonly string[] }
  readonly status: string
  readonly version: string
  readonly id: string
  /** What is signed. */
  readonly signs: readonly ('assertion' | 'response')[]
  readonly key: SigningKey
  readonly signature: string
  readonly digest: string
  /** What becomes of the XML before it is signed, and after. */
  readonly before: (xml: string) => string
  readonly after: (xml: string) => string
}

/** A request as the provider reads it out of the address. */
export interface AuthnRequest {
  readonly id: string
  readonly acs: string
  readonly issuer: string
  readonly relayState: string
  readonly xml: string
}

export function readRequest(location: string | undefined): AuthnRequest {
  assert.ok(location?.startsWith(`${signInUrl}&`), location)
  const { searchParams } = new URL(location ?? '')
  const xml = inflateRawSync(Buffer.from(searchParams.get('SAMLRequest') ?? '', 'base64')).toString()
  const value = (pattern: RegExp): string => pattern.exec(xml)?.[1] ?? ''
  assert.equal(value(/ Destination="([^"]*)"/), signInUrl.replace('&', '&amp;'))
  return {
    id: value(/ ID="([^"]*)"/),
    acs: value(/ AssertionConsumerServiceURL="([^"]*)"/),
    issuer: value(/<saml:Issuer[^>]*>([^<]*)</),
    relayState: searchParams.get('RelayState') ?? '',
    xml,
  }
}

const at = (moment: Instant): string => new Date(moment).toISOString()
const attr = (name: string, value: string | null): string => (value === null ? '' : ` ${name}="${value}"`)

/** A response, base64, as it stands in the form. */
export function respond(said: Said, now: Instant): string {
  const conditions = said.audiences.map((one) => `<saml:Audience>${one}</saml:Audience>`).join('')
  const attributes = Object.entries(said.attributes)
    .map(
      ([name, values]) =>
        `<saml:Attribute Name="${name}">${values
          .map((value) => `<saml:AttributeValue xsi:type="xs:string">${value}</saml:AttributeValue>`)
          .join('')}</saml:Attribute>`,
    )
    .join('')
  const until = said.sessionUntil === null ? null : at(said.sessionUntil)
  const confirmedUntil = said.confirmedUntil === null ? null : at(said.confirmedUntil)
  const assertion = `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ID="${said.id}" Version="${said.version}" IssueInstant="${at(now)}"><saml:Issuer>${said.issuer}</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:${said.nameIdFormat}">${said.nameId}</saml:NameID><saml:SubjectConfirmation Method="${said.method}"><saml:SubjectConfirmationData${attr('Recipient', said.recipient)}${attr('InResponseTo', said.inResponseTo)}${attr('NotOnOrAfter', confirmedUntil)}/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${at(said.notBefore)}" NotOnOrAfter="${at(said.notOnOrAfter)}"><saml:AudienceRestriction>${conditions}</saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${at(now)}" SessionIndex="s-1"${attr('SessionNotOnOrAfter', until)}><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>${attributes === '' ? '' : `<saml:AttributeStatement>${attributes}</saml:AttributeStatement>`}</saml:Assertion>`
  const response = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_${randomUUID()}" Version="2.0" IssueInstant="${at(now)}"${attr('Destination', said.destination)}${attr('InResponseTo', said.responseInResponseTo)}><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${said.responseIssuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${said.status}"/></samlp:Status>${assertion}</samlp:Response>`
  let xml = said.before(response)
  if (said.signs.includes('assertion')) xml = signed(xml, 'Assertion', said)
  if (said.signs.includes('response')) xml = signed(xml, 'Response', said)
  return Buffer.from(said.after(xml)).toString('base64')
}

/** Signs the element, its signature standing behind its `Issuer`, where the schema wants it. */
export function signed(xml: string, element: 'Assertion' | 'Response', how: Said): string {
  const xpath = `//*[local-name(.)='${element}']`
  const signer = new SignedXml({
    privateKey: how.key.private,
    signatureAlgorithm: how.signature,
    canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  })
  signer.addReference({
    xpath,
    digestAlgorithm: how.digest,
    transforms: [
      'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
      'http://www.w3.org/2001/10/xml-exc-c14n#',
    ],
  })
  signer.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: `${xpath}/*[local-name(.)='Issuer']`, action: 'after' },
  })
  return signer.getSignedXml()
}

export interface SamlTest extends IntegratedTest {
  /** The id of the integration, and what this server is to the provider. */
  readonly id: string
  readonly acs: string
  readonly audience: string
  /** Leaves for the provider. */
  begin(browser: Browser, query?: string): Promise<AuthnRequest>
  /** What the provider says to a request; `null`: to none. */
  says(request: AuthnRequest | null, lies?: Partial<Said>): string
  post(browser: Browser, response: string, relayState: string): Promise<Answer>
  /** A whole sign-in; the answer to its last form. */
  signIn(browser: Browser, lies?: Partial<Said>): Promise<Answer>
}

export function samlSettings(more: Partial<SamlSettings> = {}): SamlSettings {
  return {
    entityId,
    signInUrl,
    certificates: [key.certificate],
    nameIdFormat: 'any',
    emailAttribute: 'mail',
    nameAttribute: 'displayName',
    unsolicited: 'refused',
    sessionLimit: null,
    ...more,
  }
}

/** A server that lets an identity provider's people in. */
export async function aSamlServer(
  t: TestContext,
  { settings = {}, ...given }: Given & { readonly settings?: Partial<SamlSettings> } = {},
): Promise<SamlTest> {
  const server = await aServerWithIntegrations(t, given)
  const { id } = await server.integrations.create({
    kind: 'saml',
    name: 'Example University',
    enabled: true,
    settings: samlSettings(settings),
  })
  return { ...server, ...samlActs(server, id) }
}

/** The same on a server that has the integration already, as another node of one database. */
export function samlActs(server: IntegratedTest, id: string): Omit<SamlTest, keyof IntegratedTest> {
  const path = `/login/saml/${id}`
  const acs = `${site}${path}/acs`
  const audience = `${site}${path}/metadata`
  const begin: SamlTest['begin'] = async (browser, query = '') => {
    const answer = await browser.go(`${path}${query}`)
    assert.equal(answer.status, 303, answer.text)
    return readRequest(answer.location)
  }
  const says: SamlTest['says'] = (request, lies = {}) => {
    const now = server.clock.now()
    const said: Said = {
      issuer: entityId,
      responseIssuer: entityId,
      audiences: [audience],
      recipient: acs,
      destination: acs,
      inResponseTo: request?.id ?? null,
      responseInResponseTo: request?.id ?? null,
      method: 'urn:oasis:names:tc:SAML:2.0:cm:bearer',
      notBefore: now - minute,
      notOnOrAfter: now + 5 * minute,
      confirmedUntil: now + 5 * minute,
      sessionUntil: null,
      nameId: 'u-1',
      nameIdFormat: '2.0:nameid-format:persistent',
      attributes: { mail: ['uma@uni.example'], displayName: ['Uma Uni'] },
      status: 'Success',
      version: '2.0',
      id: `_${randomUUID()}`,
      signs: ['assertion'],
      key,
      signature: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
      before: (xml) => xml,
      after: (xml) => xml,
      ...lies,
    }
    return respond(said, now)
  }
  const post: SamlTest['post'] = (browser, SAMLResponse, RelayState) =>
    postFromElsewhere(browser, `${path}/acs`, { SAMLResponse, RelayState })
  return {
    id,
    acs,
    audience,
    begin,
    says,
    post,
    async signIn(browser, lies) {
      const request = await begin(browser)
      return post(browser, says(request, lies), request.relayState)
    },
  }
}

import { SAML, ValidateInResponseTo } from '@node-saml/node-saml'
import type { SamlSettings } from '../integrations/saml.ts'
import type { OwnAddresses } from './own-addresses.ts'
import { pemOf } from './signing-certificate.ts'

const formats = {
  any: null,
  persistent: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  emailAddress: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
} as const

/**
 * The library, for the XML and its signatures alone. It knows no clock but the machine's, remembers requests in its own
 * memory, and asks neither for the recipient nor for the issuer of an assertion: times, `InResponseTo`, audience, recipient,
 * destination and issuer are judged by `judgeAssertion`, from what the signature covers, at the moment that it is given.
 */
export function samlClient(settings: SamlSettings, own: OwnAddresses, requestId?: string): SAML {
  return new SAML({
    issuer: own.entityId,
    callbackUrl: own.acs,
    entryPoint: settings.signInUrl,
    idpCert: settings.certificates.map(pemOf),
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    acceptedClockSkewMs: -1,
    validateInResponseTo: ValidateInResponseTo.never,
    audience: false,
    identifierFormat: formats[settings.nameIdFormat],
    // Asking for a password would refuse those who sign in by more than one.
    disableRequestedAuthnContext: true,
    ...(requestId === undefined ? {} : { generateUniqueId: () => requestId }),
  })
}

/** What an `AuthnRequest` is called that goes with a round trip; the assertion must say that it answers it. */
export function requestIdOf(roundTrip: { readonly id: string }): string {
  // An XML id does not begin with a digit.
  return `_${roundTrip.id}`
}

/** Where the browser is sent. `RelayState` is the id of the round trip: no address, which somebody could change on the way. */
export function signInAddress(
  settings: SamlSettings,
  own: OwnAddresses,
  roundTrip: { readonly id: string },
): Promise<string> {
  const client = samlClient(settings, own, requestIdOf(roundTrip))
  return client.getAuthorizeUrlAsync(roundTrip.id, undefined, {})
}

export function metadataOf(settings: SamlSettings, own: OwnAddresses): string {
  return samlClient(settings, own).generateServiceProviderMetadata(null)
}

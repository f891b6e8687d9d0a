import { advices, Distrust } from '../round-trips/distrust.ts'

/** Every algorithm that a signed response may name: SHA-2 over exclusive canonical XML without comments. */
const algorithms = new Set([
  'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
  'http://www.w3.org/2001/10/xml-exc-c14n#',
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2001/04/xmlenc#sha512',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
])

/** Base64 as a form carries it, with the line breaks that some write. */
const base64 = /^[\w+/\s]+={0,2}\s*$/

/** The XML of a posted response, before any parser sees it. Its size is limited with every other form's. */
export function decodedResponse(posted: string): string {
  if (posted === '' || !base64.test(posted)) throw malformed(posted === '' ? 'nothing' : 'something else')
  return Buffer.from(posted, 'base64').toString('utf8')
}

/**
 * Refuses what no identity provider needs and attacks on XML do: a document type with its entities, comments and sections
 * that are one text to the signature and another to a reader, instructions, and algorithms that are not known to be sound.
 * The text alone is looked at, so that nothing hangs on how a parser reads it.
 */
export function refuseRiskyXml(xml: string): void {
  const body = xml.replace(/^\uFEFF?\s*<\?xml [^<>]*\?>/, '')
  const risky = /<![A-Za-z[-]?|<\?|\0/.exec(body)
  if (risky !== null)
    throw new Distrust('xml', {
      expected: 'XML without a document type, entities, comments, CDATA and instructions',
      came: `XML with ${risky[0] === '\0' ? 'a zero byte' : `“${risky[0]}”`}`,
      advice: advices.settings,
    })
  for (const [, , named = ''] of body.matchAll(/\bAlgorithm\s*=\s*(["'])([^"']*)\1/g))
    if (!algorithms.has(named))
      throw new Distrust('algorithm', {
        expected: 'a signature by RSA with SHA-256 or SHA-512, over exclusive canonical XML',
        came: `“${named}”`,
        advice:
          'Ask an administrator to have the identity provider sign by RSA with SHA-256, and not encrypt.',
      })
}

export function malformed(came: string): Distrust {
  return new Distrust('malformed', { expected: 'a SAML response in base64', came, advice: advices.settings })
}

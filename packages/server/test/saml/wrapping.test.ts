import assert from 'node:assert/strict'
import { test } from 'node:test'
import { whyFailed } from '../round-trips/from-elsewhere.ts'
import { aSamlServer } from './fake-identity-provider.ts'

/** Somebody with a good response of their own wraps it into one that says something else (Somorovsky et al., 2012). */
const evil = (xml: string): string =>
  (/<saml:Assertion .*<\/saml:Assertion>/s.exec(xml)?.[0] ?? '')
    .replace(/<ds:Signature.*<\/ds:Signature>/s, '')
    .replace('>u-1<', '>admin<')
const assertionIn = (xml: string): string => /<saml:Assertion .*<\/saml:Assertion>/s.exec(xml)?.[0] ?? ''
const signatureIn = (xml: string): string => /<ds:Signature.*<\/ds:Signature>/s.exec(xml)?.[0] ?? ''
const otherId = (xml: string): string => xml.replace(/(<saml:Assertion [^>]*) ID="[^"]*"/, '$1 ID="_evil"')
const wrappings: { readonly [name: string]: (xml: string) => string } = {
  'a forged assertion before the signed one': (xml) =>
    xml.replace(assertionIn(xml), otherId(evil(xml)) + assertionIn(xml)),
  'a forged assertion after the signed one': (xml) =>
    xml.replace(assertionIn(xml), assertionIn(xml) + otherId(evil(xml))),
  'two of one id': (xml) => xml.replace(assertionIn(xml), evil(xml) + assertionIn(xml)),
  'the signed one within the forged one': (xml) =>
    xml.replace(
      assertionIn(xml),
      otherId(evil(xml)).replace('</saml:Assertion>', `${assertionIn(xml)}</saml:Assertion>`),
    ),
  'the signature on the forged one, the signed one within it': (xml) =>
    xml.replace(
      assertionIn(xml),
      otherId(evil(xml)).replace(
        '</saml:Issuer>',
        `</saml:Issuer>${signatureIn(xml).replace('</ds:Signature>', `<ds:Object>${assertionIn(xml).replace(signatureIn(xml), '')}</ds:Object></ds:Signature>`)}`,
      ),
    ),
  'the signed one in extensions': (xml) =>
    xml
      .replace(assertionIn(xml), otherId(evil(xml)))
      .replace('<samlp:Status>', `<samlp:Extensions>${assertionIn(xml)}</samlp:Extensions><samlp:Status>`),
  'the whole of it within another response': (xml) =>
    xml.replace(assertionIn(xml), `${otherId(evil(xml))}<x>${xml}</x>`),
  'the signature taken off': (xml) => xml.replace(signatureIn(xml), ''),
  'the signature moved to the envelope': (xml) =>
    xml.replace(assertionIn(xml), evil(xml)).replace('<samlp:Status>', `${signatureIn(xml)}<samlp:Status>`),
}
for (const [name, wrap] of Object.entries(wrappings))
  test(`a wrapped response is refused: ${name}`, async (t) => {
    const server = await aSamlServer(t)
    const browser = server.browser()
    let wrapped = ''
    const answer = await server.signIn(browser, { after: (xml) => (wrapped = wrap(xml)) })
    assert.ok(
      wrapped !== '' && (name.startsWith('the signature taken') || wrapped.includes('>admin<')),
      wrapped,
    )
    assert.deepEqual([answer.status, (await browser.go('/account')).status], [403, 303], answer.text)
    assert.match(whyFailed(server) ?? '', /^saml: (?:signature|malformed)$/)
  })

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { safeParse } from 'valibot'
import { lti } from '../../src/integrations/lti.ts'
import { saml } from '../../src/integrations/saml.ts'
import { pemOf } from '../../src/saml/signing-certificate.ts'
import { samlSettings } from '../saml/fake-identity-provider.ts'
import { selfSigned } from '../saml/self-signed.ts'

const platform = {
  issuer: 'https://campus.example',
  clientId: 'sojourn',
  authorizationEndpoint: 'https://campus.example/auth',
  jwksUri: 'https://campus.example/keys',
  deploymentIds: ['d-1'],
}

describe('settings of a learning platform', () => {
  const read = (more: object) => safeParse(lti.settings, { ...platform, ...more })

  test('the least that is needed, and what is left out', () => {
    const { output, success } = read({})
    assert.ok(success)
    assert.deepEqual(output, { ...platform, targets: [], sessionLimit: null })
  })

  test('addresses are https, or of this machine, and carry no password', () => {
    for (const address of [
      'http://localhost:8080/keys',
      'http://127.0.0.1/keys',
      'https://a.example/keys?x=1',
    ])
      assert.ok(read({ jwksUri: address }).success, address)
    for (const address of [
      '',
      'keys',
      'http://campus.example/keys',
      'https://uma:x@campus.example/keys',
      'https://campus.example/keys#x',
      'ftp://campus.example/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'http://localhost.evil.example/',
    ])
      for (const field of ['issuer', 'authorizationEndpoint', 'jwksUri'])
        assert.ok(!read({ [field]: address }).success, `${field} ${address}`)
  })

  test('a launch leads to paths alone, and needs a deployment', () => {
    assert.ok(read({ targets: ['/account', '/courses/*', '/'] }).success)
    for (const target of [
      'account',
      '//evil.example',
      'https://evil.example',
      '/a b',
      '/a*b',
      '/\\evil',
      '/a?b',
      '*',
    ])
      assert.ok(!read({ targets: [target] }).success, target)
    assert.ok(!read({ deploymentIds: [] }).success)
    assert.ok(!read({ deploymentIds: [''] }).success)
    assert.ok(!read({ strange: 1 }).success)
  })

  test('a platform is told where launches begin and end', () => {
    const told = Object.fromEntries(lti.tells({ id: 'campus-1' }, 'https://login.example'))
    assert.deepEqual(Object.values(told), [
      'https://login.example/login/lti/campus-1/start',
      'https://login.example/login/lti/campus-1/launch',
      'https://login.example/login/lti/campus-1/launch',
    ])
  })
})

describe('settings of an identity provider', () => {
  const good = samlSettings()
  const [certificate = ''] = good.certificates
  const read = (more: object) => safeParse(saml.settings, { ...good, ...more })

  test('certificates come as PEM or as base64, several, and are kept as base64, one a line', () => {
    const other = selfSigned().certificate
    for (const lines of [
      [certificate, other],
      [pemOf(certificate), pemOf(other)],
      `${pemOf(certificate)}\n${other}\n`.split('\n'),
      [`${pemOf(certificate).replaceAll('\n', '\r\n')}${pemOf(other)}`],
    ]) {
      const { success, output } = read({ certificates: lines })
      assert.ok(success)
      assert.deepEqual(output.certificates, [certificate, other])
      assert.deepEqual(safeParse(saml.settings, output).output, output)
    }
  })

  test('what is no certificate, or too weak, is refused with a sentence', () => {
    for (const lines of [
      [],
      ['nonsense'],
      [certificate.slice(0, -40)],
      [pemOf(certificate).replace('CERTIFICATE', 'PRIVATE KEY')],
      Array.from({ length: 11 }, () => certificate),
    ])
      assert.ok(!read({ certificates: lines }).success, lines.join().slice(0, 40))
    for (const weak of [selfSigned('ec'), selfSigned('rsa', 1_024)])
      assert.match(
        read({ certificates: [weak.certificate] }).issues?.[0].message ?? '',
        /RSA key of 2048 bits/,
      )
  })

  test('people are sent over https, and by default nobody comes who was not sent', () => {
    assert.ok(!read({ signInUrl: 'http://idp.example/sso' }).success)
    assert.ok(!read({ entityId: '' }).success)
    const { unsolicited: _, ...rest } = good
    const { success, output } = safeParse(saml.settings, rest)
    assert.ok(success && output.unsolicited === 'refused')
  })

  test('a provider is told the metadata and the address of answers', () => {
    const told = saml.tells({ id: 'uni-1' }, 'https://login.example').map(([, value]) => value)
    assert.deepEqual(told, [
      'https://login.example/login/saml/uni-1/metadata',
      'https://login.example/login/saml/uni-1/acs',
      'https://login.example/login/saml/uni-1',
    ])
  })
})

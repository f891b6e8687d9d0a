import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { second } from 'sojourn/core'
import { whyFailed } from '../round-trips/from-elsewhere.ts'
import { aKey, anLtiServer, type Lies, type PlatformKey } from './fake-platform.ts'

type Header = { readonly [name: string]: unknown }

/** A token whose header says more than it should. */
const headed =
  (key: PlatformKey, header: Header): NonNullable<Lies['sign']> =>
  (payload) =>
    new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'key-1', ...header }).sign(key.private)

test('R-10 a token from outside is judged by its signature first, by keys of the settings alone, then by all it says', async (t) => {
  const server = await anLtiServer(t)
  const { platform, clock } = server
  const stranger = await aKey('key-1')
  const now = Math.floor(clock.now() / second)
  const hs256 = (payload: JWTPayload): string => {
    const text = [{ alg: 'HS256', kid: 'key-1', typ: 'JWT' }, payload]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    const key = JSON.stringify(platform.key.public)
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
  }
  const elsewhere = `${platform.origin}/keys`
  const matrix: readonly (readonly [what: string, why: string, lies: Lies])[] = [
    ['alg none', 'algorithm', { sign: async (payload) => new UnsecuredJWT(payload).encode() }],
    ['HS256 by the public key', 'algorithm', { sign: async (payload) => hs256(payload) }],
    ['its own key in the header', 'signature', { sign: headed(stranger, { jwk: stranger.public }) }],
    ['an address of keys in the header', 'signature', { sign: headed(stranger, { jku: elsewhere }) }],
    [
      'a certificate in the header',
      'signature',
      { sign: headed(stranger, { x5u: elsewhere, x5c: ['AAAA'] }) },
    ],
    [
      'its own key, by another id',
      'unknown_key',
      { sign: headed(stranger, { jwk: stranger.public, kid: 'key-9' }) },
    ],
    ['an access token', 'type', { sign: headed(platform.key, { typ: 'at+jwt' }) }],
    ['a security event', 'type', { sign: headed(platform.key, { typ: 'secevent+jwt' }) }],
    ['for another', 'audience', { claims: { aud: 'somebody-else' } }],
    ['expired', 'expired', { claims: { iat: now - 300, exp: now - 60 } }],
    ['not good yet', 'time', { claims: { nbf: now + 61 } }],
    [
      'a wrong signature and a wrong audience',
      'signature',
      { claims: { aud: 'x' }, sign: headed(stranger, {}) },
    ],
  ]
  const pages = new Set<string>()
  for (const [what, why, lies] of matrix) {
    const browser = server.browser()
    const asked = platform.asked
    const answer = await server.launch(browser, lies)
    assert.equal(answer.status, 403, what)
    assert.equal(whyFailed(server), `lti: ${why}`, what)
    assert.equal((await browser.go('/account')).status, 303, `${what}: nobody is signed in`)
    assert.ok(platform.asked <= asked + 1, `${what}: asked at the address of the settings alone`)
    pages.add(/<h1[^>]*>([^<]*)/.exec(answer.text)?.[1] ?? '')
  }
  assert.equal(pages.size, 1, 'one refusal for all')
  for (const typ of ['JWT', 'jwt', undefined])
    assert.equal((await server.launch(server.browser(), { sign: headed(platform.key, { typ }) })).status, 303)
})

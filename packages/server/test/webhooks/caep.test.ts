import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import { endReasons } from 'sojourn'
import { retiredKept } from '../../src/caep/event-keys.ts'
import { sessionRevoked } from '../../src/caep/session-revoked.ts'
import { aServer } from '../a-server.ts'
import { until } from '../until.ts'
import { aReceiver, type Received } from './receiver.ts'
import { endOne } from './webhooks-on.ts'

const revoked = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked'
const path = '/api/v1/admin/webhooks'

async function running(t: TestContext, more: object = {}) {
  const server = await aServer(t, { config: { mode: 'demo', webhookNetworks: ['127.0.0.0/8'] } })
  const { id: subject } = await server.person('uma@example.com')
  await server.person('root@example.com', { roles: ['super-admin'] })
  const root = await server.signedIn('root@example.com')
  const receiver = await aReceiver(t)
  const added = await root.call('POST', path, { url: receiver.url, format: 'caep', ...more })
  assert.equal(added.status, 201, added.text)
  const jwks = async () =>
    (await server.browser().call('GET', '/.well-known/ssf-jwks.json')).json() as JSONWebKeySet
  return {
    server,
    subject,
    root,
    receiver,
    added: added.json() as { webhook: { id: string }; secret: null },
    jwks,
  }
}

/** As a receiver reads a token: by the keys that the server tells, for itself alone. */
async function read({ body }: Received, keys: JSONWebKeySet, issuer: string, audience: string) {
  const how = { issuer, audience, typ: 'secevent+jwt', algorithms: ['RS256'] }
  return jwtVerify(body, createLocalJWKSet(keys), how)
}

test('R-64 an end is pushed as a session-revoked token that its receiver can check, without sub and exp', async (t) => {
  const { server, subject, receiver, added, jwks } = await running(t, {
    authorization: 'Bearer of-the-receiver',
  })
  assert.equal(added.secret, null)
  await endOne(server)
  await until(() => receiver.received.length === 1)
  const [got] = receiver.received
  assert.ok(got)
  assert.equal(got.headers['content-type'], 'application/secevent+jwt')
  assert.equal(got.headers.authorization, 'Bearer of-the-receiver')
  const issuer = 'http://localhost:0'
  const { payload, protectedHeader } = await read(got, await jwks(), issuer, new URL(receiver.url).origin)
  assert.deepEqual(Object.keys(protectedHeader).toSorted(), ['alg', 'kid', 'typ'])
  assert.deepEqual(Object.keys(payload).toSorted(), ['aud', 'events', 'iat', 'iss', 'jti', 'sub_id'])
  const {
    sub_id: about,
    events,
    jti,
  } = payload as unknown as {
    readonly jti: string
    readonly sub_id: {
      readonly format: string
      readonly session: { readonly id: string }
      readonly user: object
    }
    readonly events: { readonly [uri: string]: { readonly [name: string]: unknown } }
  }
  assert.match(jti, /^evt_/)
  assert.equal(about.format, 'complex')
  assert.match(about.session.id, /^[\w-]{22}$/)
  assert.deepEqual(about.user, { format: 'iss_sub', iss: issuer, sub: subject })
  assert.deepEqual(Object.keys(events), [revoked])
  const said = events[revoked]
  assert.equal(said?.['initiating_entity'], 'user')
  assert.equal(said['event_timestamp'], Math.floor(server.clock.now() / 1_000))
  assert.deepEqual(said['reason_admin'], { en: 'user_logout' })
})

test('R-64 every end reason has its initiating entity and its words', () => {
  for (const reason of endReasons) {
    const data = JSON.stringify({ session: 's', subject: 'u', reason })
    const said = sessionRevoked({ at: 1_999, data }, 'https://a.example').events[revoked] as {
      readonly [name: string]: unknown
    }
    assert.ok(['admin', 'user', 'policy', 'system'].includes(String(said['initiating_entity'])), reason)
    assert.equal(said['event_timestamp'], 1)
    assert.deepEqual(said['reason_admin'], { en: reason })
    assert.match(JSON.stringify(said['reason_user']), /^\{"en":".+"\}$/)
  }
})

test('a key is rotated: the new one signs, the one before is told for thirty days, and private halves never', async (t) => {
  const { server, root, receiver, jwks } = await running(t)
  await endOne(server)
  await until(() => receiver.received.length === 1)
  const rotated = await root.call('POST', '/api/v1/admin/event-keys/rotate')
  const { kid } = rotated.json() as { readonly kid: string }
  await endOne(server)
  await until(() => receiver.received.length === 2)
  const kids = receiver.received.map(({ body }) => decodeProtectedHeader(body).kid)
  assert.equal(kids[1], kid)
  const both = await jwks()
  assert.deepEqual(both.keys.map((key) => String(key.kid)).toSorted(), [kid, String(kids[0])].toSorted())
  for (const key of both.keys) {
    assert.deepEqual(Object.keys(key).toSorted(), ['alg', 'e', 'kid', 'kty', 'n', 'use'])
    assert.ok(Buffer.from(key.n ?? '', 'base64url').length >= 256)
  }
  server.clock.advance(retiredKept)
  assert.equal((await jwks()).keys.length, 2)
  server.clock.advance(1)
  assert.equal((await jwks()).keys.length, 1)
})

test('an endpoint of CAEP is tested with a verification event, and takes ends alone', async (t) => {
  const { root, receiver, added, jwks } = await running(t, { audience: 'https://receiver.example' })
  await root.call('POST', `${path}/${added.webhook.id}/test`)
  await until(() => receiver.received.length === 1)
  const [got] = receiver.received
  assert.ok(got)
  const { payload } = await read(got, await jwks(), 'http://localhost:0', 'https://receiver.example')
  assert.match(JSON.stringify(payload['events']), /ssf\/event-type\/verification/)
  const more = { url: receiver.url, format: 'caep', events: ['session.started'] }
  assert.equal((await root.call('POST', path, more)).status, 400)
})

test('what a receiver needs to know stands at its well-known address', async (t) => {
  const { server } = await running(t)
  const told = (await server.browser().call('GET', '/.well-known/ssf-configuration')).json()
  assert.deepEqual(told, {
    spec_version: '1_0',
    issuer: 'http://localhost:0',
    jwks_uri: 'http://localhost:0/.well-known/ssf-jwks.json',
    delivery_methods_supported: ['urn:ietf:rfc:8935'],
  })
})

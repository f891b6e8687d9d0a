import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'
import type { LtiSettings } from '../../src/integrations/lti.ts'
import type { Given } from '../a-server.ts'
import type { Answer, Browser } from '../browser.ts'
import { aServerWithIntegrations, type IntegratedTest } from '../round-trips/a-server-with-integrations.ts'
import { pathIn, postFromElsewhere, site } from '../round-trips/from-elsewhere.ts'

export const claim = (name: string): string => `https://purl.imsglobal.org/spec/lti/claim/${name}`

export interface PlatformKey {
  readonly kid: string
  readonly alg: string
  readonly private: CryptoKey
  readonly public: JWK
}

/** What a platform was asked at its authorization endpoint. */
export type Asked = { readonly [name: string]: string }

export interface FakePlatform {
  readonly origin: string
  readonly key: PlatformKey
  /** What it shows at its keyset address; a test changes it. */
  keys: JWK[]
  /** How often it was asked for its keys, and the status that it answers with. */
  asked: number
  status: number
  settings(more?: Partial<LtiSettings>): LtiSettings
  /** What it begins a launch with. */
  initiation(more?: Asked): Asked
  /** What its authorization endpoint answers, as a real one does: over HTTP, and only to what it knows. */
  answer(
    location: string | undefined,
    lies?: Lies,
  ): Promise<{ readonly action: string; readonly fields: Asked }>
}

/** What of a token a test would have otherwise. */
export interface Lies {
  /** Changes of the claims; `undefined` leaves one out. */
  readonly claims?: { readonly [claim: string]: unknown }
  readonly sign?: (payload: JWTPayload) => Promise<string>
  readonly state?: string
}

export async function aKey(kid: string, alg = 'RS256'): Promise<PlatformKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { kid, alg, private: privateKey, public: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

export function sign(payload: JWTPayload, { kid, alg, private: key }: PlatformKey): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg, kid, typ: 'JWT' }).sign(key)
}

/** A learning platform on a port of its own, whose keys nobody else has. It closes with the test. */
export async function aPlatform(t: TestContext, now: () => number): Promise<FakePlatform> {
  const key = await aKey('key-1')
  const lies: { next: Lies } = { next: {} }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', origin)
    if (url.pathname === '/keys') {
      platform.asked++
      response.writeHead(platform.status, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ keys: platform.keys }))
      return
    }
    authorize(Object.fromEntries(url.searchParams)).then(
      (page) => response.writeHead(200, { 'content-type': 'text/html' }).end(page),
      (error: unknown) => response.writeHead(400).end(String(error)),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`

  async function authorize(asked: Asked): Promise<string> {
    const { state = '', nonce = '', redirect_uri: redirect = '', login_hint: hint = '' } = asked
    const { scope, response_type, response_mode, prompt, client_id } = asked
    assert.deepEqual(
      { scope, response_type, response_mode, prompt, client_id },
      {
        scope: 'openid',
        response_type: 'id_token',
        response_mode: 'form_post',
        prompt: 'none',
        client_id: 'sojourn',
      },
    )
    assert.ok(redirect.startsWith(`${site}/login/lti/`) && redirect.endsWith('/launch'), redirect)
    const { claims = {}, sign: by = (payload) => sign(payload, key), state: lie } = lies.next
    const iat = Math.floor(now() / 1_000)
    const said: JWTPayload = {
      iss: origin,
      aud: 'sojourn',
      sub: hint,
      iat,
      exp: iat + 300,
      nonce,
      name: 'Uma Platform',
      email: `${hint}@campus.example`,
      [claim('version')]: '1.3.0',
      [claim('message_type')]: 'LtiResourceLinkRequest',
      [claim('deployment_id')]: 'd-1',
      [claim('target_link_uri')]: redirect,
      [claim('resource_link')]: { id: 'link-1' },
      [claim('roles')]: [],
      ...claims,
    }
    const token = await by(JSON.parse(JSON.stringify(said)) as JWTPayload)
    return `<form method="post" action="${redirect}"><input name="id_token" value="${token}"><input name="state" value="${lie ?? state}"></form>`
  }

  const platform: FakePlatform = {
    origin,
    key,
    keys: [key.public],
    asked: 0,
    status: 200,
    settings: (more = {}) => ({
      issuer: origin,
      clientId: 'sojourn',
      authorizationEndpoint: `${origin}/auth?tenant=7`,
      jwksUri: `${origin}/keys`,
      deploymentIds: ['d-1'],
      targets: ['/account/*'],
      sessionLimit: null,
      ...more,
    }),
    initiation: (more = {}) => ({
      iss: origin,
      login_hint: 'u-1',
      target_link_uri: `${site}/`,
      lti_message_hint: 'hint-1',
      client_id: 'sojourn',
      ...more,
    }),
    async answer(location, next = {}) {
      assert.ok(location !== undefined && location.startsWith(`${origin}/auth?tenant=7&`), location)
      lies.next = next
      const answer = await fetch(location)
      const text = await answer.text()
      assert.equal(answer.status, 200, text)
      const value = (name: string): string =>
        new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? ''
      const action = pathIn(/action="([^"]*)"/.exec(text)?.[1])
      return { action, fields: { id_token: value('id_token'), state: value('state') } }
    },
  }
  return platform
}

export interface LtiTest extends IntegratedTest {
  readonly platform: FakePlatform
  /** The id of the integration. */
  readonly id: string
  /** Begins a launch in a browser; where it leads. */
  begin(browser: Browser, more?: Asked): Promise<Answer>
  /** A whole launch; the answer to its last form. */
  launch(browser: Browser, lies?: Lies, more?: Asked): Promise<Answer>
}

/** A server that lets a platform's people in. */
export async function anLtiServer(
  t: TestContext,
  { settings = {}, ...given }: Given & { readonly settings?: Partial<LtiSettings> } = {},
): Promise<LtiTest> {
  const server = await aServerWithIntegrations(t, given)
  const platform = await aPlatform(t, () => server.clock.now())
  const { id } = await server.integrations.create({
    kind: 'lti',
    name: 'Campus',
    enabled: true,
    settings: platform.settings(settings),
  })
  const begin = (browser: Browser, more: Asked = {}): Promise<Answer> =>
    browser.go(`/login/lti/${id}/start?${new URLSearchParams(platform.initiation(more)).toString()}`, {
      'sec-fetch-site': 'cross-site',
    })
  return {
    ...server,
    platform,
    id,
    begin,
    async launch(browser, lies = {}, more = {}) {
      const { location } = await begin(browser, more)
      const { action, fields } = await platform.answer(location, lies)
      return postFromElsewhere(browser, action, fields)
    },
  }
}

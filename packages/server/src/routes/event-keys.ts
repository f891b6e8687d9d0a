import { strictObject, string } from 'valibot'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'
import { refuseSensitive } from './step-up.ts'

const jwksPath = '/.well-known/ssf-jwks.json'

/** What a receiver of security events has to know of this server: its keys, by RFC 7517, and where they are. */
export const ssfRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: jwksPath,
    access: 'public',
    async handle(asked, { eventKeys }) {
      // Receivers may keep it; one that meets a key that it does not know asks anew.
      return asked.json(await eventKeys.jwks(), 200, { 'Cache-Control': 'public, max-age=300' })
    },
  },
  {
    method: 'GET',
    path: '/.well-known/ssf-configuration',
    access: 'public',
    handle: (asked, { config }) =>
      asked.json({
        spec_version: '1_0',
        issuer: config.url,
        jwks_uri: `${config.url}${jwksPath}`,
        delivery_methods_supported: ['urn:ietf:rfc:8935'],
      }),
  },
]

export const eventKeysRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/v1/admin/event-keys/rotate',
    access: 'super-admin',
    api: {
      summary:
        'Makes a new key for security event tokens. What the one before signed can be checked for 30 days.',
      answers: { 200: strictObject({ kid: string() }) },
    },
    handle: rotate,
  },
]

async function rotate(asked: Asked, parts: Parts): Promise<Response> {
  const refused = refuseSensitive(asked, parts, '/nova/webhooks')
  if (refused !== undefined) return refused
  const kid = await parts.eventKeys.rotate()
  parts.log.info(
    { event: 'event_key.rotated', by: signedIn(asked).id, kid },
    'an administrator rotated a key',
  )
  return asked.json({ kid })
}

import { safeParse } from 'valibot'
import { refuse } from '../answer.ts'
import { apiKeysSchema, issuedKeySchema } from '../api/key-schemas.ts'
import { createKey, revokeKey, rotateKey } from '../keys/change-keys.ts'
import { keyView } from '../keys/key-view.ts'
import { newApiKeySchema, rotationSchema } from '../keys/new-api-key.ts'
import { scopeNames } from '../keys/scopes.ts'
import type { Asked, Parts } from '../parts.ts'
import { keyGround } from './key-ground.ts'
import type { Route } from './route.ts'
import { refuseSensitive } from './step-up.ts'

const path = '/api/v1/admin/api-keys'

export const apiAdminKeysRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    access: 'super-admin',
    api: { summary: 'The API keys, newest first. No secret is among them.', answers: { 200: apiKeysSchema } },
    handle: list,
  },
  {
    method: 'POST',
    path,
    access: 'super-admin',
    body: 'json',
    api: {
      summary: 'Makes an API key. Its secret is in this answer and nowhere else.',
      request: newApiKeySchema,
      answers: { 201: issuedKeySchema },
    },
    handle: create,
  },
  {
    method: 'POST',
    path: `${path}/:id/rotate`,
    access: 'super-admin',
    body: 'json',
    api: {
      summary: 'Another secret for a key. The one that it had works on for overlap milliseconds.',
      request: rotationSchema,
      answers: { 200: issuedKeySchema },
    },
    handle: rotate,
  },
  {
    method: 'DELETE',
    path: `${path}/:id`,
    access: 'super-admin',
    api: { summary: 'Revokes a key, on all nodes at once.', answers: { 204: null } },
    handle: revoke,
  },
]

async function list(asked: Asked, { keys, sessions }: Parts): Promise<Response> {
  return asked.json({ keys: (await keys.all.list()).map((key) => keyView(key, sessions.now())) })
}

async function create(asked: Asked, parts: Parts): Promise<Response> {
  const refused = refuseSensitive(asked, parts, '/nova/api-keys')
  if (refused !== undefined) return refused
  const read = safeParse(newApiKeySchema, await bodyOf(asked))
  if (!read.success) {
    const expected = `name; scopes, some of ${scopeNames.join(', ')}; expires_in (milliseconds or null), rate (1 to 1000000)`
    return refuse(asked, 400, 'invalid_request', `Expected ${expected}.`)
  }
  const { key, secret } = await createKey(keyGround(asked, parts), read.output)
  return asked.json({ key: keyView(key, parts.sessions.now()), secret }, 201)
}

async function rotate(asked: Asked, parts: Parts): Promise<Response> {
  const refused = refuseSensitive(asked, parts, '/nova/api-keys')
  if (refused !== undefined) return refused
  const read = safeParse(rotationSchema, await bodyOf(asked))
  if (!read.success)
    return refuse(asked, 400, 'invalid_request', 'Expected overlap: milliseconds from 0 to 30 days.')
  const issued = await rotateKey(keyGround(asked, parts), asked.req.param('id') ?? '', read.output.overlap)
  if (issued === undefined) return none(asked)
  return asked.json({ key: keyView(issued.key, parts.sessions.now()), secret: issued.secret })
}

async function revoke(asked: Asked, parts: Parts): Promise<Response> {
  const key = await revokeKey(keyGround(asked, parts), asked.req.param('id') ?? '')
  return key === undefined ? none(asked) : asked.body(null, 204)
}

function none(asked: Asked): Response {
  return refuse(asked, 404, 'not_found', 'There is no such key that is good.')
}

function bodyOf(asked: Asked): Promise<unknown> {
  return asked.req.json().catch(() => undefined)
}

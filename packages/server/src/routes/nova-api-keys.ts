import { day, parseDuration } from 'sojourn/core'
import { flatten, safeParse } from 'valibot'
import { frameOf, pageAnswer, refuse, seeOther } from '../answer.ts'
import { createKey, revokeKey, rotateKey } from '../keys/change-keys.ts'
import { longestOverlap, newApiKeySchema, usualOverlap } from '../keys/new-api-key.ts'
import { scopeNames } from '../keys/scopes.ts'
import { type ApiKeyForm, keysPath, novaApiKey, novaApiKeys, scopeField } from '../pages/nova-api-keys.ts'
import type { Asked, Parts } from '../parts.ts'
import { keyGround } from './key-ground.ts'
import type { Route } from './route.ts'
import { refuseSensitive } from './step-up.ts'

/** The keys of other back ends, for Super Admins: made, replaced and revoked by whoever has just signed in. */
export const novaApiKeysRoutes: readonly Route[] = [
  { method: 'GET', path: keysPath, access: 'super-admin', handle: (asked, parts) => show(asked, parts) },
  { method: 'POST', path: keysPath, access: 'super-admin', body: 'form', handle: create },
  { method: 'POST', path: `${keysPath}/:id/rotate`, access: 'super-admin', body: 'form', handle: rotate },
  { method: 'POST', path: `${keysPath}/:id/revoke`, access: 'super-admin', body: 'form', handle: revoke },
]

async function show(asked: Asked, { keys, sessions }: Parts, form: ApiKeyForm = {}): Promise<Response> {
  const view = { ...frameOf(asked), keys: await keys.all.list(), now: sessions.now(), form }
  return pageAnswer(asked, novaApiKeys(view), form.errors === undefined ? 200 : 400)
}

/** The page that it answers with is the only one that ever shows the key. */
async function create(asked: Asked, parts: Parts): Promise<Response> {
  const refused = refuseSensitive(asked, parts, keysPath)
  if (refused !== undefined) return refused
  const fields = new URLSearchParams(await asked.req.text())
  const written = {
    name: fields.get('name') ?? '',
    scopes: scopeNames.filter((scope) => fields.get(scopeField(scope)) === 't'),
    days: fields.get('days') ?? '',
  }
  const days = written.days === '' ? null : /^\d{1,4}$/.test(written.days) ? Number(written.days) : undefined
  const wanted = {
    name: written.name,
    scopes: written.scopes,
    expires_in: days === null ? null : (days ?? 0) * day,
  }
  const read = safeParse(newApiKeySchema, wanted)
  if (!read.success) {
    const { nested = {} } = flatten<typeof newApiKeySchema>(read.issues)
    const errors = {
      name: nested.name?.[0],
      scopes: nested.scopes === undefined ? undefined : 'Choose what it may do.',
      days:
        nested.expires_in === undefined ? undefined : 'Expected a number of days from 1 to 3650, or nothing.',
    }
    return show(asked, parts, { ...written, errors })
  }
  const { key, secret } = await createKey(keyGround(asked, parts), read.output)
  return pageAnswer(asked, novaApiKey({ ...frameOf(asked), key, secret }))
}

async function rotate(asked: Asked, parts: Parts): Promise<Response> {
  const refused = refuseSensitive(asked, parts, keysPath)
  if (refused !== undefined) return refused
  const written = new URLSearchParams(await asked.req.text()).get('overlap')
  const overlap = written === null ? usualOverlap : parseDuration(written)
  if (overlap === undefined || overlap > longestOverlap)
    return refuse(asked, 400, 'invalid_request', 'Expected how long the old key works on: from 0s to 30d.')
  const issued = await rotateKey(keyGround(asked, parts), asked.req.param('id') ?? '', overlap)
  if (issued === undefined) return none(asked)
  return pageAnswer(asked, novaApiKey({ ...frameOf(asked), ...issued }))
}

async function revoke(asked: Asked, parts: Parts): Promise<Response> {
  const key = await revokeKey(keyGround(asked, parts), asked.req.param('id') ?? '')
  return key === undefined ? none(asked) : seeOther(asked, keysPath)
}

function none(asked: Asked): Response {
  return refuse(asked, 404, 'not_found', 'There is no such key that is good.')
}

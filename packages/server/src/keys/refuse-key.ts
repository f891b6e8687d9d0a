import { replyAnswer } from '../answer.ts'
import { clientAddress } from '../exchange.ts'
import type { Asked, Parts } from '../parts.ts'
import { tooMany } from '../routes/too-many.ts'
import { problem } from 'sojourn/web'
import type { Scope } from './scopes.ts'

/**
 * The refusal for a program whose key does not open a route, or `undefined`, with the key in `asked.var.apiKey`. A cookie opens
 * nothing here. Whoever shows a wrong key hears nothing of why; the log does, with the public id.
 */
export async function refuseKey(asked: Asked, parts: Parts, scope: Scope): Promise<Response | undefined> {
  const { keys, log, sessions } = parts
  const presented = /^bearer +([\w.~+/=-]+) *$/i.exec(asked.req.header('authorization') ?? '')?.[1]
  if (presented === undefined)
    return unauthorized(asked, 'Bearer', 'This address is for programs with an API key.')
  const checked = await keys.all.check(presented)
  if (checked.state === 'wrong') {
    const address = clientAddress(asked, parts)
    log.info(
      { event: 'api_key.refused', ip: address, why: checked.why, key: checked.id },
      'an API key was refused',
    )
    const wait = await keys.wrong.note(address)
    if (wait !== undefined)
      return tooMany(asked, wait, 'There have been too many wrong keys from this network.')
    return unauthorized(asked, 'Bearer error="invalid_token"', 'This key is not good.')
  }
  const { key } = checked
  const wait = keys.rate.take(key, sessions.now())
  if (wait > 0) return tooMany(asked, wait, 'This key has asked too often.')
  if (!key.scopes.includes(scope)) {
    asked.header('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${scope}"`)
    return replyAnswer(
      asked,
      problem(403, 'insufficient_scope', 'insufficient_scope', `This needs the scope ${scope}.`),
    )
  }
  asked.set('apiKey', key)
  // Nobody waits for it: a last use that could not be noted refuses nobody.
  keys.all
    .used(key)
    .catch((error: unknown) => log.warn({ err: error }, 'the last use of a key could not be noted'))
  return undefined
}

function unauthorized(asked: Asked, challenge: string, detail: string): Response {
  asked.header('WWW-Authenticate', challenge)
  return replyAnswer(asked, problem(401, 'invalid_key', 'invalid_key', detail))
}

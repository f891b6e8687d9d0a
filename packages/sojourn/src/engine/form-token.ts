import { createHmac } from 'node:crypto'
import { invalidOption } from '../core/errors.ts'
import type { Context } from './context.ts'
import { equalSecrets, type Pepper } from './pepper.ts'

/**
 * A token for the forms of one session, beside the check of where a request comes from: `<random>.<HMAC>` over the session's
 * id and the random part, keyed by the secret. Nothing is stored, and no cookie carries it. A login begins another session,
 * so a form from before it is refused after it. The random part keeps the compressed length of a page from telling of it.
 */
export function formToken({ peppers, random }: Context, id: string): string {
  const salt = Buffer.from(random(16)).toString('base64url')
  return `${salt}.${seal(keyed(peppers), id, salt)}`
}

/** Whether a form's token was made for this session, under the secret of now or the one before. */
export function isFormToken({ peppers }: Context, id: string, presented: unknown): boolean {
  keyed(peppers)
  const [, salt, mac] = (typeof presented === 'string' ? shape.exec(presented) : null) ?? []
  if (salt === undefined || mac === undefined) return false
  return peppers.some((pepper) => equalSecrets(seal(pepper, id, salt), mac))
}

const shape = /^([\w-]{22})\.([\w-]{43})$/

function seal({ key }: Pepper, id: string, salt: string): string {
  return createHmac('sha256', key).update(`form/v1:${id}:${salt}`).digest('base64url')
}

/** Without a secret anybody could make one: session ids are public. */
function keyed([pepper]: Context['peppers']): Pepper {
  if (pepper.isKeyless)
    throw invalidOption('secret', 'one, which the tokens of forms are made with', undefined)
  return pepper
}

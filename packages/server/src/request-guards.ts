import type { Asked } from './parts.ts'
import { refuse } from './answer.ts'
import type { Route } from './routes/route.ts'

/** What forms and JSON may weigh. */
export const mostBodyBytes = 65_536

const contentTypes = { form: 'application/x-www-form-urlencoded', json: 'application/json' } as const

/** 415 where the body is not what the route takes. JSON is a type that no form of another site can send. */
export function refuseContentType(asked: Asked, { body }: Route): Response | undefined {
  if (body === undefined) return undefined
  const type = asked.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type === contentTypes[body]) return undefined
  return refuse(asked, 415, 'unsupported_media_type', `This address takes ${contentTypes[body]}.`)
}

/** As text of JSON a zero byte is written out; behind a backslash that is itself written out, `u0000` is five letters. */
const zeroBytes = { form: /%00|\0/, json: /(?<!\\)(?:\\\\)*\\u0000/ } as const

/**
 * 400 where the address or the body holds a zero byte. No text of a person has one, and PostgreSQL keeps none: it would
 * fail in the middle of whatever was begun, where SQLite goes on.
 */
export async function refuseZeroBytes(asked: Asked, { body }: Route): Promise<Response | undefined> {
  const inAddress = asked.req.url.includes('%00')
  if (!inAddress && (body === undefined || !zeroBytes[body].test(await asked.req.text()))) return undefined
  return refuse(asked, 400, 'invalid_request', 'Expected text without a zero byte (U+0000).')
}

/** What fetches JSON is a program (`empty`) or a person's address bar (`document`), never a tag of a page. */
const destinations = new Set(['empty', 'document'])

/** 403 where a page tries to load the API as a script, an image or a frame. */
export function refuseEmbedding(asked: Asked): Response | undefined {
  const destination = asked.req.header('sec-fetch-dest')
  if (!asked.req.path.startsWith('/api/') || destination === undefined || destinations.has(destination))
    return undefined
  return refuse(asked, 403, 'cross_site_request', 'The API is not for embedding in pages.')
}

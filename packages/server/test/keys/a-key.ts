import type { RunningTest } from '../a-server.ts'
import type { Answer, Browser } from '../browser.ts'

export const keysApi = '/api/v1/admin/api-keys'
export const introspectPath = '/api/v1/introspect'

export interface Issued {
  readonly key: { readonly id: string; readonly [name: string]: unknown }
  readonly secret: string
}

/** A key that a Super Admin has made. */
export async function aKey(
  admin: Browser,
  scopes: readonly string[] = ['introspect'],
  more: object = {},
): Promise<Issued> {
  const answer = await admin.call('POST', keysApi, { name: 'Shop', scopes, ...more })
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.json() as Issued
}

/** A key of the same id that was never made. */
export function altered(secret: string): string {
  return `${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}`
}

/** The token in a browser's cookie. */
export function tokenOf({ cookie }: Browser): string {
  return /sid=([\w.-]+)/.exec(cookie)?.[1] ?? ''
}

/** Asks as a back end does: with a key and without a cookie. */
export function introspect(
  server: RunningTest,
  secret: string,
  token: string,
  more: object = {},
  headers: { readonly [name: string]: string } = {},
): Promise<Answer> {
  const bearer = { authorization: `Bearer ${secret}`, 'content-type': 'application/json', ...headers }
  const body = JSON.stringify({ token, ...more })
  return server.browser().ask(introspectPath, { method: 'POST', headers: bearer, body })
}

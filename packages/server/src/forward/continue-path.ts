import { returnTo } from 'sojourn/web'

/** Leads on from the server's own origin to one of the applications. */
export const continuePath = '/continue'

/** The whole address in an application that somebody may be led to, or `undefined`: nowhere but to `applications`. */
export function wayOnTo(wanted: string | undefined, applications: readonly string[]): string | undefined {
  const origin = applications.find((one) => wanted?.startsWith(`${one}/`))
  const path = origin === undefined ? undefined : returnTo(wanted?.slice(origin.length))
  return origin === undefined || path === undefined ? undefined : origin + path
}

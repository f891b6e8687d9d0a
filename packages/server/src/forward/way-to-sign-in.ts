import { originOf, returnTo } from 'sojourn/web'
import type { Config } from '../config.ts'
import { continuePath } from './continue-path.ts'
import type { ForwardedRequest } from './forwarded-request.ts'

/**
 * Where a browser signs in, with the reason and the way back: a path where the application stands on the server's own origin,
 * through `/continue` where it stands on one of `applications`, none for any other host that a request may name. Only a page
 * that was to be looked at is come back to: nothing is sent a second time.
 */
export function wayToSignIn(
  {
    url,
    loginPath,
    applications,
    trustProxy,
  }: Pick<Config, 'url' | 'loginPath' | 'applications' | 'trustProxy'>,
  request: ForwardedRequest,
  reason: string,
): string {
  const query = new URLSearchParams({ reason })
  const back = request.method === 'GET' ? wayBack({ url, applications, trustProxy }, request) : undefined
  if (back !== undefined && back !== '/') query.set('return_to', back)
  return `${url}${loginPath}${loginPath.includes('?') ? '&' : '?'}${query.toString()}`
}

function wayBack(
  { url, applications, trustProxy }: Pick<Config, 'url' | 'applications' | 'trustProxy'>,
  request: ForwardedRequest,
): string | undefined {
  const path = returnTo(request.target)
  const { origin } = originOf(request, trustProxy)
  if (path === undefined || origin === null) return undefined
  if (origin === url) return path
  return applications.includes(origin)
    ? `${continuePath}?${new URLSearchParams({ to: origin + path }).toString()}`
    : undefined
}

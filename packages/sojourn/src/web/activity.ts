import type { Exchange } from './exchange.ts'

/** What a page loads by itself: it follows a navigation that has counted. */
const subresources = new Set([
  'audio',
  'font',
  'image',
  'manifest',
  'paintworklet',
  'script',
  'style',
  'track',
  'video',
])

/**
 * Whether a request is nobody's activity: a prefetch, a subresource, or one that says so with `X-Session-Activity:
 * passive` (polling, a countdown, a status page). `X-Session-Activity: active` says the opposite.
 */
export function isPassive(exchange: Exchange): boolean {
  const said = exchange.header('x-session-activity')
  if (said !== undefined) return said !== 'active'
  const destination = exchange.header('sec-fetch-dest')
  if (destination !== undefined && subresources.has(destination)) return true
  return exchange.header('sec-purpose')?.includes('prefetch') === true
}

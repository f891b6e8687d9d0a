import type { MiddlewareHandler } from 'hono'
import { networkAddress } from '../integrations/network-address.ts'
import type { Env, Parts } from '../parts.ts'

/**
 * Remembers the country that a proxy's header gives for whoever asks. The proxy must be one that is trusted: a request that
 * has not passed as many as are trusted is not believed.
 */
export function hearPlace(parts: Parts, header: string): MiddlewareHandler<Env> {
  return (asked, next) => {
    const address = networkAddress(asked, parts)
    if (address !== null) parts.places.hear(address, asked.req.header(header))
    return next()
  }
}

import { addressOf } from 'sojourn/web'
import { exchangeOf } from '../exchange.ts'
import type { Asked, Parts } from '../parts.ts'

/**
 * The address that an integration may let in by, or `null`: the peer's, where no proxy is trusted; else what as many
 * proxies as are trusted have written. Stricter than an address for the log: where one of them has written nothing, it is
 * not known who asks, and the proxy's own address, which may well stand in a range, lets nobody in.
 */
export function networkAddress(
  asked: Asked,
  { config: { trustProxy } }: Pick<Parts, 'config'>,
): string | null {
  const exchange = exchangeOf(asked)
  if (trustProxy === 0) return addressOf(exchange, 0)
  const entries = asked.req.header('x-forwarded-for')?.split(',').length ?? 0
  if (entries < trustProxy) return null
  return addressOf({ ...exchange, ip: undefined }, trustProxy)
}

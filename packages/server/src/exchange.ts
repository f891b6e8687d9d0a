import type { Exchange } from 'sojourn/web'
import { addressOf } from 'sojourn/web'
import type { Asked, Parts } from './parts.ts'

/** A request as the library's web layer sees it. */
export function exchangeOf(asked: Asked): Exchange {
  const { req } = asked
  return {
    method: req.method,
    url: req.url,
    ip: peerOf(asked),
    header: (name) => req.header(name),
    appendHeader: (name, value) => asked.header(name, value, { append: true }),
  }
}

/** The address at the other end of the connection. */
export function peerOf({ env }: Pick<Asked, 'env'>): string | undefined {
  return env.incoming?.socket.remoteAddress
}

/** The client's address: the peer's, or what trusted proxies say of it. */
export function clientAddress(asked: Asked, { config }: Pick<Parts, 'config'>): string | null {
  return addressOf(exchangeOf(asked), config.trustProxy)
}

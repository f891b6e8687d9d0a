import type { Config } from '../config.ts'

/** How long a client may take, in milliseconds, and how much room it may take up. */
export interface Patience {
  /** From the connection, or from the first byte of a later request, to the end of its headers. */
  readonly headersTimeout: number
  /** For all of a request. */
  readonly requestTimeout: number
  /** Between two requests. */
  readonly keepAliveTimeout: number
  /** How often all of this is looked at. */
  readonly connectionsCheckingInterval: number
  /** What the line and the headers of a request may weigh. */
  readonly maxHeaderSize: number
  /** The least that must come of a body in a second, on the average since it began, once `bodyGrace` is over. */
  readonly leastBodyRate: number
  readonly bodyGrace: number
  /** For taking an answer that is whole. */
  readonly answerTimeout: number
  /** Connections of one network; behind trusted proxies, its requests that are under way. */
  readonly mostOfOneNetwork: number
}

export const patience: Patience = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
  leastBodyRate: 500,
  bodyGrace: 5_000,
  answerTimeout: 30_000,
  mostOfOneNetwork: 1_000,
}

/**
 * Longer than a proxy keeps an idle connection to us (nginx and balancers 60 s, Traefik 90 s, Caddy 2 min). Whoever closes
 * first may close in the moment in which the other sends: were that us, the proxy would answer its client with 502, and a
 * POST is not sent again. Idle connections of proxies are few.
 */
export const keepAliveBehindProxy = 130_000

export function patienceFor({ trustProxy }: Pick<Config, 'trustProxy'>): Patience {
  return trustProxy === 0 ? patience : { ...patience, keepAliveTimeout: keepAliveBehindProxy }
}

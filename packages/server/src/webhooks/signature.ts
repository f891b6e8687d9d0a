import { createHmac, randomBytes } from 'node:crypto'
import type { Instant } from 'sojourn'

const prefix = 'whsec_'

/** A new secret of an endpoint, as Standard Webhooks writes it: 256 bits. */
export function newSecret(): string {
  return prefix + randomBytes(32).toString('base64')
}

export interface Message {
  readonly id: string
  readonly at: Instant
  readonly body: string
}

/**
 * The headers of a message by Standard Webhooks 1.0: an HMAC-SHA256 over id, moment and body for each secret, so that a
 * receiver may have either while one takes the place of the other.
 */
export function signedHeaders(
  { id, at, body }: Message,
  secrets: readonly string[],
): { readonly [name: string]: string } {
  const timestamp = String(Math.floor(at / 1_000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(prefix.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}

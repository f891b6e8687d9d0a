import type { Claimed } from './claim.ts'
import type { Sending } from './deliver.ts'
import { signedHeaders } from './signature.ts'

/** An event as Standard Webhooks writes it. The moment of the signature is that of the attempt; the id stays. */
export function standardMessage(
  { event: id, type, at: happenedAt, data }: Omit<Claimed, 'endpoint' | 'attempts' | 'since'>,
  secrets: readonly string[],
  now: number,
): Sending {
  if (secrets.length === 0) throw new Error('the secret of an endpoint does not open: give it a new one')
  const body = JSON.stringify({
    type,
    timestamp: new Date(happenedAt).toISOString(),
    data: JSON.parse(data) as unknown,
  })
  const headers = { 'content-type': 'application/json', ...signedHeaders({ id, at: now, body }, secrets) }
  return { headers, body }
}

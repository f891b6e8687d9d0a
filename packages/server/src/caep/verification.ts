import type { Claimed } from '../webhooks/claim.ts'
import type { Statement } from './statement.ts'

export const verificationType = 'https://schemas.openid.net/secevent/ssf/event-type/verification'

/** What shows a receiver that the stream works, by the Shared Signals Framework; nothing has happened. */
export function verification({ event, endpoint }: Pick<Claimed, 'event' | 'endpoint'>): Statement {
  return {
    sub_id: { format: 'opaque', id: endpoint },
    events: { [verificationType]: { state: event } },
  }
}

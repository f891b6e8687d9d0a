import {
  array,
  boolean,
  nullable,
  number,
  optional,
  picklist,
  record,
  strictObject,
  string,
  union,
} from 'valibot'
import { outboxTypes } from '../outbox/outbox-event.ts'
import { formats } from '../webhooks/webhook.ts'
import { moment } from './session-schemas.ts'

export const webhookSchema = strictObject({
  id: string(),
  url: string(),
  note: string(),
  format: picklist(formats),
  events: array(picklist(outboxTypes)),
  audience: string(),
  created_at: moment,
  disabled_at: nullable(moment),
  disabled_why: nullable(picklist(['by_hand', 'failing', 'gone'])),
  failing_since: nullable(moment),
  previous_secret_until: nullable(moment),
})

export const webhooksSchema = strictObject({ webhooks: array(webhookSchema) })

/** The only answers that hold a secret: where it is made. */
export const addedSchema = strictObject({ webhook: webhookSchema, secret: nullable(string()) })
export const rotatedSchema = strictObject({ secret: string() })

export const webhookBody = strictObject({
  url: string(),
  note: optional(string(), ''),
  format: optional(picklist(formats), 'standard'),
  events: optional(array(picklist(outboxTypes)), ['session.ended']),
  audience: optional(nullable(string()), null),
  authorization: optional(nullable(string()), null),
})

export const deliveriesSchema = strictObject({
  deliveries: array(
    strictObject({
      event: string(),
      endpoint: string(),
      type: string(),
      at: moment,
      state: picklist(['due', 'delivered', 'dead']),
      attempts: number(),
      next_at: nullable(moment),
      last_at: nullable(moment),
      last_status: nullable(number()),
      last_error: nullable(string()),
    }),
  ),
})

export const jobsSchema = strictObject({
  jobs: array(
    strictObject({
      name: string(),
      says: string(),
      every: number(),
      running: boolean(),
      node: nullable(string()),
      started_at: nullable(moment),
      ended_at: nullable(moment),
      took: nullable(number()),
      rows: nullable(number()),
      said: nullable(string()),
      error: nullable(string()),
      next_at: nullable(moment),
    }),
  ),
})

export const liveEventSchema = strictObject({
  position: number(),
  id: string(),
  type: picklist(outboxTypes),
  at: moment,
  data: record(string(), nullable(union([string(), number()]))),
})

export const liveEventsSchema = strictObject({ events: array(liveEventSchema) })

import {
  integer,
  maxValue,
  minValue,
  number,
  object,
  optional,
  picklist,
  pipe,
  safeParse,
  strictObject,
  string,
  toNumber,
} from 'valibot'
import { refuse } from '../answer.ts'
import {
  addedSchema,
  deliveriesSchema,
  rotatedSchema,
  webhookBody,
  webhookSchema,
  webhooksSchema,
} from '../api/event-schemas.ts'
import type { Asked, Parts } from '../parts.ts'
import {
  addWebhook,
  removeWebhook,
  replayWebhook,
  rotateWebhook,
  switchWebhook,
  testWebhook,
} from '../webhooks/administer.ts'
import { deliveriesOf, type Delivery } from '../webhooks/deliveries.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'
import { refuseSensitive } from './step-up.ts'

const path = '/api/v1/admin/webhooks'
const one = `${path}/:id`

const state = picklist(['due', 'delivered', 'dead'])
const query = object({
  state: optional(state),
  limit: optional(pipe(string(), toNumber(), integer(), minValue(1), maxValue(500)), '50'),
})
const replayBody = strictObject({ event: optional(string()) })

export const apiAdminWebhooksRoutes: readonly Route[] = [
  route('GET', path, list, { summary: 'Where events are sent.', answers: { 200: webhooksSchema } }),
  {
    ...route('POST', path, add, {
      summary: 'Adds an endpoint. Its secret is in this answer, and never again.',
      request: webhookBody,
      answers: { 201: addedSchema },
    }),
    body: 'json',
  },
  route('GET', one, withOne(show), { summary: 'One endpoint.', answers: { 200: webhookSchema } }),
  route('DELETE', one, withOne(remove), {
    summary: 'Removes an endpoint, and what waits for it.',
    answers: { 204: null },
  }),
  route('POST', `${one}/test`, withOne(test), {
    summary: 'Sends an event of the type `webhook.test`; to an endpoint of CAEP, a verification event.',
    answers: { 202: strictObject({ event: string() }) },
  }),
  route('POST', `${one}/rotate`, withOne(rotate), {
    summary: 'Makes a new secret. The one before signs too for a day.',
    answers: { 200: rotatedSchema },
  }),
  route('POST', `${one}/disable`, withOne(switching(false)), {
    summary: 'Sends nothing there any more; what waits becomes dead letters.',
    answers: { 204: null },
  }),
  route('POST', `${one}/enable`, withOne(switching(true)), {
    summary: 'Sends events there from now on.',
    answers: { 204: null },
  }),
  {
    ...route('POST', `${one}/replay`, withOne(sendAgain), {
      summary: 'Sends dead letters again, under the same ids: one event, or all.',
      request: replayBody,
      answers: { 200: strictObject({ replayed: number() }) },
    }),
    body: 'json',
  },
  route('GET', `${one}/deliveries`, withOne(deliveries), {
    summary: 'The last deliveries to an endpoint, newest first.',
    query,
    answers: { 200: deliveriesSchema },
  }),
  route('GET', '/api/v1/admin/dead-letters', deadLetters, {
    summary: 'What could not be delivered anywhere, newest first.',
    query: object({ limit: query.entries.limit }),
    answers: { 200: deliveriesSchema },
  }),
]

type Handle = Route['handle']

function route(method: Route['method'], at: string, handle: Handle, api: NonNullable<Route['api']>): Route {
  return { method, path: at, access: 'super-admin', api, handle }
}

function withOne(handle: (asked: Asked, parts: Parts, webhook: Webhook) => Promise<Response>): Handle {
  return async (asked, parts) => {
    const webhook = await parts.webhooks.find(asked.req.param('id') ?? '')
    if (webhook === undefined) return refuse(asked, 404, 'not_found', 'There is no such webhook.')
    return handle(asked, parts, webhook)
  }
}

async function list(asked: Asked, { webhooks }: Parts): Promise<Response> {
  return asked.json({ webhooks: (await webhooks.list()).map(webhookView) })
}

async function show(asked: Asked, _: Parts, webhook: Webhook): Promise<Response> {
  return asked.json(webhookView(webhook))
}

async function add(asked: Asked, parts: Parts): Promise<Response> {
  const refused = refuseSensitive(asked, parts, '/nova/webhooks')
  if (refused !== undefined) return refused
  const read = safeParse(webhookBody, await asked.req.json().catch(() => undefined))
  if (!read.success)
    return refuse(
      asked,
      400,
      'invalid_request',
      'Expected url; note, format, events, audience, authorization.',
    )
  const added = await addWebhook(parts, read.output, signedIn(asked).id)
  if (typeof added === 'string') return refuse(asked, 400, 'invalid_webhook', added)
  return asked.json({ webhook: webhookView(added.webhook), secret: added.secret }, 201)
}

async function remove(asked: Asked, parts: Parts, webhook: Webhook): Promise<Response> {
  await removeWebhook(parts, webhook, signedIn(asked).id)
  return asked.body(null, 204)
}

async function test(asked: Asked, parts: Parts, webhook: Webhook): Promise<Response> {
  if (webhook.disabledAt !== null)
    return refuse(asked, 409, 'conflict', 'The endpoint is disabled. Enable it first.')
  return asked.json({ event: await testWebhook(parts, webhook, signedIn(asked).id) }, 202)
}

async function rotate(asked: Asked, parts: Parts, webhook: Webhook): Promise<Response> {
  const refused = refuseSensitive(asked, parts, '/nova/webhooks')
  if (refused !== undefined) return refused
  const secret = await rotateWebhook(parts, webhook, signedIn(asked).id)
  if (secret === undefined)
    return refuse(
      asked,
      409,
      'conflict',
      'An endpoint of CAEP has no secret of its own; that of another one was replaced by somebody else at this moment.',
    )
  return asked.json({ secret })
}

function switching(on: boolean) {
  return async (asked: Asked, parts: Parts, webhook: Webhook): Promise<Response> => {
    await switchWebhook(parts, webhook, on, signedIn(asked).id)
    return asked.body(null, 204)
  }
}

async function sendAgain(asked: Asked, parts: Parts, webhook: Webhook): Promise<Response> {
  const read = safeParse(replayBody, await asked.req.json().catch(() => undefined))
  if (!read.success) return refuse(asked, 400, 'invalid_request', 'Expected event, or nothing for all.')
  if (webhook.disabledAt !== null)
    return refuse(asked, 409, 'conflict', 'The endpoint is disabled. Enable it first.')
  return asked.json({ replayed: await replayWebhook(parts, webhook, read.output.event, signedIn(asked).id) })
}

async function deliveries(asked: Asked, parts: Parts, { id }: Webhook): Promise<Response> {
  return answerDeliveries(asked, parts, (asking) => ({ ...asking, endpoint: id }))
}

async function deadLetters(asked: Asked, parts: Parts): Promise<Response> {
  return answerDeliveries(asked, parts, (asking) => ({ ...asking, state: 'dead' as const }))
}

type Asking = { readonly state?: Delivery['state'] | undefined; readonly limit: number }

async function answerDeliveries(
  asked: Asked,
  { database }: Parts,
  which: (asking: Asking) => Parameters<typeof deliveriesOf>[1],
): Promise<Response> {
  const read = safeParse(query, asked.req.query())
  if (!read.success)
    return refuse(asked, 400, 'invalid_request', 'Expected state (due, delivered, dead), limit (1 to 500).')
  const found = await deliveriesOf(database, which(read.output))
  return asked.json({ deliveries: found.map(deliveryView) })
}

function webhookView(webhook: Webhook) {
  const { id, url, note, format, events, audience } = webhook
  return {
    id,
    url,
    note,
    format,
    events,
    audience,
    created_at: webhook.createdAt,
    disabled_at: webhook.disabledAt,
    disabled_why: webhook.disabledWhy,
    failing_since: webhook.failingSince,
    previous_secret_until: webhook.previousUntil,
  }
}

function deliveryView(delivery: Delivery) {
  const { event, endpoint, type, at, state, attempts } = delivery
  return {
    event,
    endpoint,
    type,
    at,
    state,
    attempts,
    next_at: delivery.nextAt,
    last_at: delivery.lastAt,
    last_status: delivery.lastStatus,
    last_error: delivery.lastError,
  }
}

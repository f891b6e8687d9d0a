import { frameOf, pageAnswer, refuse, seeOther } from '../answer.ts'
import { readForm } from '../form.ts'
import { outboxTypes } from '../outbox/outbox-event.ts'
import { novaWebhook } from '../pages/nova-webhook.ts'
import { novaWebhooks, webhooksPath as path } from '../pages/nova-webhooks.ts'
import type { Asked, Parts } from '../parts.ts'
import {
  addWebhook,
  removeWebhook,
  replayWebhook,
  rotateWebhook,
  switchWebhook,
  testWebhook,
} from '../webhooks/administer.ts'
import { countDead, deliveriesOf } from '../webhooks/deliveries.ts'
import { formats, type Webhook } from '../webhooks/webhook.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'
import { refuseSensitive } from './step-up.ts'

type Act = (asked: Asked, parts: Parts, webhook: Webhook, by: string) => Promise<Response | undefined>

export const novaWebhooksRoutes: readonly Route[] = [
  { method: 'GET', path, access: 'super-admin', handle: (asked, parts) => showAll(asked, parts) },
  { method: 'POST', path, access: 'super-admin', body: 'form', handle: add },
  {
    method: 'GET',
    path: `${path}/:id`,
    access: 'super-admin',
    handle: withOne(async (asked, parts, webhook) => showOne(asked, parts, webhook)),
  },
  acting('test', async (_, parts, webhook, by) => {
    if (webhook.disabledAt === null) await testWebhook(parts, webhook, by)
    return undefined
  }),
  acting('rotate', async (asked, parts, webhook, by) => {
    const refused = refuseSensitive(asked, parts, `${path}/${webhook.id}`)
    if (refused !== undefined) return refused
    const secret = await rotateWebhook(parts, webhook, by)
    return showOne(asked, parts, (await parts.webhooks.find(webhook.id)) ?? webhook, secret)
  }),
  acting('disable', async (_, parts, webhook, by) => {
    await switchWebhook(parts, webhook, false, by)
    return undefined
  }),
  acting('enable', async (_, parts, webhook, by) => {
    await switchWebhook(parts, webhook, true, by)
    return undefined
  }),
  acting('replay', async (_, parts, webhook, by) => {
    await replayWebhook(parts, webhook, undefined, by)
    return undefined
  }),
  acting('remove', async (asked, parts, webhook, by) => {
    await removeWebhook(parts, webhook, by)
    return seeOther(asked, path)
  }),
]

/** Does something about one, and shows it again where it says nothing else. */
function acting(what: string, act: Act): Route {
  return {
    method: 'POST',
    path: `${path}/:id/${what}`,
    access: 'super-admin',
    body: 'form',
    handle: withOne(
      async (asked, parts, webhook) =>
        (await act(asked, parts, webhook, signedIn(asked).id)) ?? seeOther(asked, `${path}/${webhook.id}`),
    ),
  }
}

function withOne(
  handle: (asked: Asked, parts: Parts, webhook: Webhook) => Promise<Response>,
): Route['handle'] {
  return async (asked, parts) => {
    const webhook = await parts.webhooks.find(asked.req.param('id') ?? '')
    if (webhook === undefined) return refuse(asked, 404, 'not_found', 'There is no such webhook.')
    return handle(asked, parts, webhook)
  }
}

async function showAll(
  asked: Asked,
  { webhooks, sessions }: Parts,
  refused?: { readonly url: string; readonly note: string; readonly error: string },
): Promise<Response> {
  const view = { ...frameOf(asked), now: sessions.now(), webhooks: await webhooks.list(), refused }
  return pageAnswer(asked, novaWebhooks(view), refused === undefined ? 200 : 400)
}

async function showOne(asked: Asked, parts: Parts, webhook: Webhook, secret?: string): Promise<Response> {
  const { database, sessions } = parts
  const [deliveries, dead] = await Promise.all([
    deliveriesOf(database, { endpoint: webhook.id, limit: 50 }),
    countDead(database, webhook.id),
  ])
  const now = sessions.now()
  return pageAnswer(asked, novaWebhook({ ...frameOf(asked), now, webhook, deliveries, dead, secret }))
}

async function add(asked: Asked, parts: Parts): Promise<Response> {
  const refused = refuseSensitive(asked, parts, path)
  if (refused !== undefined) return refused
  const read = await readForm(asked)
  const optional = (name: string) => (read(name).trim() === '' ? null : read(name).trim())
  const [url, note] = [read('url').trim(), read('note').trim()]
  const given = {
    url,
    note,
    format: formats.find((one) => one === read('format')) ?? 'standard',
    events: outboxTypes.filter((type) => read(type) !== ''),
    audience: optional('audience'),
    authorization: optional('authorization'),
  }
  const added = await addWebhook(parts, given, signedIn(asked).id)
  if (typeof added === 'string') return showAll(asked, parts, { url, note, error: added })
  return showOne(asked, parts, added.webhook, added.secret ?? undefined)
}

import { testEvent } from '../outbox/outbox-event.ts'
import { deliveryJob } from '../outbox/outbox-jobs.ts'
import type { Parts } from '../parts.ts'
import { replay } from './deliveries.ts'
import { type NewWebhook, type Webhook, wrongUrl } from './webhook.ts'
import type { Added } from './webhooks.ts'

/** What an administrator does about an endpoint, with its line in the log. Secrets are in no line. */
type Acting = Pick<Parts, 'webhooks' | 'outbox' | 'jobs' | 'database' | 'sessions' | 'log' | 'config'>

/** The sentence says why it was refused. */
export async function addWebhook(
  parts: Acting,
  given: NewWebhook,
  by: string,
): Promise<Exclude<Added, 'too_many'> | string> {
  const { webhooks, config, log } = parts
  const wrong = wrongUrl(given.url, config.mode === 'demo') ?? wrongChoice(given)
  if (wrong !== undefined) return wrong
  const added = await webhooks.add(given)
  if (added === 'too_many') return 'There are as many endpoints as there may be. Remove one first.'
  const { id, url, format, events } = added.webhook
  log.info(
    { event: 'webhook.added', by, webhook: id, url, format, events },
    'an administrator added a webhook',
  )
  return added
}

function wrongChoice({ format, events, note, audience, authorization }: NewWebhook): string | undefined {
  const isLine = (text: string | null, most: number) =>
    text === null || (text.length <= most && !/\p{Cc}/u.test(text))
  if (events.length === 0) return 'Choose at least one event.'
  if (!isLine(note, 200)) return 'A note is one line.'
  if (format === 'standard')
    return authorization === null && audience === null
      ? undefined
      : 'An audience and an Authorization header are for the format caep.'
  if (!isLine(audience, 300) || !isLine(authorization, 2_000)) return 'Expected one line.'
  // A header carries nothing else, and each attempt would fail.
  if (authorization !== null && !/^[\x20-\x7e]+$/.test(authorization))
    return 'An Authorization header has letters without accents, digits and signs of ASCII alone.'
  return events.every((type) => type === 'session.ended') ? undefined : 'CAEP tells of session.ended alone.'
}

export async function testWebhook(parts: Acting, { id }: Webhook, by: string): Promise<string> {
  const event = testEvent(parts.sessions.now())
  await parts.outbox.keepFor(id, event)
  parts.jobs.wake(deliveryJob)
  parts.log.info({ event: 'webhook.tested', by, webhook: id }, 'an administrator tests a webhook')
  return event.id
}

export async function rotateWebhook(parts: Acting, { id }: Webhook, by: string): Promise<string | undefined> {
  const fresh = await parts.webhooks.rotate(id)
  if (fresh !== undefined)
    parts.log.info({ event: 'webhook.rotated', by, webhook: id }, 'an administrator gave a webhook a new key')
  return fresh
}

export async function switchWebhook(parts: Acting, { id }: Webhook, on: boolean, by: string): Promise<void> {
  if (on) await parts.webhooks.enable(id)
  else await parts.webhooks.disable(id, 'by_hand')
  const event = on ? 'webhook.enabled' : 'webhook.disabled'
  parts.log.info({ event, by, webhook: id }, 'an administrator switched a webhook')
}

export async function removeWebhook(parts: Acting, { id, url }: Webhook, by: string): Promise<void> {
  await parts.webhooks.remove(id)
  parts.log.info({ event: 'webhook.removed', by, webhook: id, url }, 'an administrator removed a webhook')
}

/** Dead letters of an endpoint are sent again: one event, or all. */
export async function replayWebhook(
  parts: Acting,
  { id }: Webhook,
  event: string | undefined,
  by: string,
): Promise<number> {
  const clock = { now: () => parts.sessions.now() }
  const count = await replay({ database: parts.database, clock }, id, event)
  parts.jobs.wake(deliveryJob)
  parts.log.info(
    { event: 'webhook.replayed', by, webhook: id, count },
    'an administrator sends dead letters again',
  )
  return count
}

import type { Instant } from 'sojourn'
import type { Delivery } from '../webhooks/deliveries.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import { html, type Html } from './html.ts'
import { dateAndDistance, distance } from './moment.ts'
import { webhooksPath, webhookState } from './nova-webhooks.ts'
import { type Frame, page } from './page.ts'

export interface NovaWebhookView extends Frame {
  readonly now: Instant
  readonly webhook: Webhook
  readonly deliveries: readonly Delivery[]
  readonly dead: number
  /** Its secret, where it was made by this very request. */
  readonly secret?: string | undefined
}

/** One endpoint: what it is, what one may do about it, its last deliveries. */
export function novaWebhook({ now, webhook, deliveries, dead, secret, ...view }: NovaWebhookView): string {
  const { url, note, format, events, audience, createdAt, previousUntil } = webhook
  const body = html`${secret !== undefined && secretBox(secret)}
    <dl class="facts">
      <div>
        <dt>Address</dt>
        <dd><code>${url}</code></dd>
      </div>
      <div>
        <dt>Note</dt>
        <dd>${note === '' ? '–' : note}</dd>
      </div>
      <div>
        <dt>State</dt>
        <dd>${webhookState(webhook, now)}</dd>
      </div>
      <div>
        <dt>Format</dt>
        <dd>${format}${format === 'caep' && html`, for <code>${audience}</code>`}</dd>
      </div>
      <div>
        <dt>Events</dt>
        <dd>${events.join(', ')}</dd>
      </div>
      <div>
        <dt>Added</dt>
        <dd>${dateAndDistance(createdAt, now)}</dd>
      </div>
      ${
        previousUntil !== null &&
        previousUntil >= now &&
        html`<div>
          <dt>The secret before signs too</dt>
          <dd>until ${dateAndDistance(previousUntil, now)}</dd>
        </div>`
      }
    </dl>
    <div class="actions">${actions(webhook, dead)}</div>
    <section>
      <h2>Last deliveries</h2>
      ${deliveries.length === 0 ? html`<p class="empty">None yet</p>` : table(deliveries, now)}
    </section>`
  return page({ ...view, title: 'Webhook', place: '/nova/webhooks', width: 'wide', body })
}

function secretBox(secret: string): Html {
  return html`<section class="card">
    <h2>Its secret</h2>
    <p><code>${secret}</code></p>
    <p>Copy it now: it is not shown again.</p>
  </section>`
}

function actions({ id, format, disabledAt }: Webhook, dead: number): Html {
  const act = (what: string, words: string): Html =>
    html`<form method="post" action="${webhooksPath}/${id}/${what}">
      <button type="submit">${words}</button>
    </form>`
  const isOn = disabledAt === null
  return html`${isOn && act('test', 'Send a test')}
  ${isOn && dead > 0 && act('replay', `Send ${dead} dead ${dead === 1 ? 'letter' : 'letters'} again`)}
  ${format === 'standard' && act('rotate', 'New secret')}
  ${isOn ? act('disable', 'Disable') : act('enable', 'Enable')} ${act('remove', 'Remove')}`
}

function table(deliveries: readonly Delivery[], now: Instant): Html {
  return html`<div class="scroll" role="region" aria-labelledby="deliveries" tabindex="0">
    <table>
      <caption id="deliveries" class="hidden">
        Deliveries, newest first
      </caption>
      <thead>
        <tr>
          <th scope="col">Event</th>
          <th scope="col">Happened</th>
          <th scope="col">State</th>
          <th scope="col">Attempts</th>
          <th scope="col">Last answer</th>
        </tr>
      </thead>
      <tbody>
        ${deliveries.map(
          (one) =>
            html`<tr>
              <th scope="row">
                ${one.type}<small><code>${one.event}</code></small>
              </th>
              <td>${distance(one.at, now)}</td>
              <td>
                <span class="badge ${one.state === 'delivered' ? 'good' : ''}">${one.state}</span>
                ${one.nextAt !== null && one.attempts > 0 && html`<small>again ${distance(one.nextAt, now)}</small>`}
              </td>
              <td>${one.attempts}</td>
              <td>${one.lastError ?? one.lastStatus ?? '–'}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

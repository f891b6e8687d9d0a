import type { Instant } from 'sojourn'
import { outboxTypes } from '../outbox/outbox-event.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import { field } from './field.ts'
import { html, type Html } from './html.ts'
import { distance } from './moment.ts'
import { type Frame, page } from './page.ts'

export interface NovaWebhooksView extends Frame {
  readonly now: Instant
  readonly webhooks: readonly Webhook[]
  /** What was typed, where it was refused, and why. */
  readonly refused?: { readonly url: string; readonly note: string; readonly error: string } | undefined
}

export const webhooksPath = '/nova/webhooks'

/** `POST /nova/webhooks` with `url`, `note`, `format`, `audience`, `authorization`, and a field of each event that is wanted. */
export function novaWebhooks({ now, webhooks, refused, ...view }: NovaWebhooksView): string {
  const body = html`<p>
      What happens to sessions is sent to these addresses, at least once, and tried again for three days.
      <a href="/nova/jobs">Jobs</a>
    </p>
    ${webhooks.length === 0 ? html`<p class="empty">No webhooks</p>` : table(webhooks, now)}
    <section class="card">
      <h2>Add a webhook</h2>
      <form method="post" action="${webhooksPath}">
        ${field({ name: 'url', label: 'Address', type: 'text', autocomplete: 'off', value: refused?.url, error: refused?.error, hint: 'An https address that is on the Internet.' })}
        ${field({ name: 'note', label: 'Note', type: 'text', autocomplete: 'off', value: refused?.note, isOptional: true })}
        <div class="field">
          <label for="format">Format</label>
          <select id="format" name="format">
            <option value="standard">Standard Webhooks, signed with a secret</option>
            <option value="caep">CAEP security event tokens, of ends alone</option>
          </select>
        </div>
        <fieldset>
          <legend>Events</legend>
          ${outboxTypes.map(
            (type) =>
              html`<div class="choice">
                <input
                  type="checkbox"
                  id="${type}"
                  name="${type}"
                  ${type === 'session.ended' && html`checked`}
                />
                <label for="${type}">${type}</label>
              </div>`,
          )}
        </fieldset>
        ${field({ name: 'audience', label: 'Audience', type: 'text', autocomplete: 'off', isOptional: true, hint: 'For CAEP, where it is not the origin of the address.' })}
        ${field({ name: 'authorization', label: 'Authorization header', type: 'password', autocomplete: 'off', isOptional: true, hint: 'For CAEP, where the receiver asks for one.' })}
        <button type="submit" class="main">Add</button>
      </form>
    </section>`
  return page({
    ...view,
    title: 'Webhooks',
    place: '/nova/webhooks',
    isRefusal: refused !== undefined,
    width: 'wide',
    body,
  })
}

function table(webhooks: readonly Webhook[], now: Instant): Html {
  return html`<div class="scroll" role="region" aria-labelledby="caption" tabindex="0">
    <table>
      <caption id="caption" class="hidden">
        Webhooks
      </caption>
      <thead>
        <tr>
          <th scope="col">Address</th>
          <th scope="col">Events</th>
          <th scope="col">State</th>
          <th scope="col">Added</th>
        </tr>
      </thead>
      <tbody>
        ${webhooks.map(
          (one) =>
            html`<tr>
              <th scope="row">
                <a href="${webhooksPath}/${one.id}">${one.url}</a><small>${one.note}</small>
              </th>
              <td>${one.events.join(', ')}<small>${one.format}</small></td>
              <td>${webhookState(one, now)}</td>
              <td>${distance(one.createdAt, now)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

const disabledWords = {
  by_hand: 'by an administrator',
  failing: 'nothing arrived for days',
  gone: 'it said that it is gone',
} as const

export function webhookState({ disabledAt, disabledWhy, failingSince }: Webhook, now: Instant): Html {
  if (disabledAt !== null)
    return html`<span class="badge">Disabled</span>
      ${disabledWhy !== null && html`<small>${disabledWords[disabledWhy]}</small>`}`
  return failingSince === null
    ? html`<span class="badge good">Enabled</span>`
    : html`<span class="badge">Failing</span> <small>since ${distance(failingSince, now)}</small>`
}

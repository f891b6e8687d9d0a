import type { Instant } from 'sojourn'
import type { Account } from '../accounts/account.ts'
import type { DeniedLogin } from '../denied/denied-logins.ts'
import { refusalSentence } from '../limit-refusals.ts'
import { html, type Html } from './html.ts'
import { date, dateAndDistance } from './moment.ts'
import { integrationAt } from './nova-integrations.ts'
import { type Frame, page } from './page.ts'

export interface NovaUserView extends Frame {
  readonly account: Account
  /** How many sessions they may have, and why. */
  readonly limit: string
  /** The integration that made the account; `undefined`: none did. */
  readonly madeBy?: { readonly id: string; readonly name: string } | undefined
  /** Their sign-ins that were refused, newest first. */
  readonly denied: readonly DeniedLogin[]
  readonly now: Instant
  /** Whether whoever looks may see sessions and policies too. */
  readonly isSuperAdmin: boolean
}

/** One person, for whoever administers. */
export function novaUser(view: NovaUserView): string {
  const { account, limit, denied, now, isSuperAdmin, madeBy } = view
  const { id, name, email, roles, sessionLimit, disabledAt } = account
  const at = encodeURIComponent(id.toWellFormed())
  const body = html`<section class="card">
      <h2>Who</h2>
      <dl>
        <dt>Name</dt>
        <dd>${name}</dd>
        <dt>E-mail</dt>
        <dd>${email}</dd>
        <dt>Roles</dt>
        <dd>${roles.join(', ')}</dd>
        ${
          madeBy !== undefined &&
          html`<dt>Made by the integration</dt>
            <dd>
              ${isSuperAdmin ? html`<a href="${integrationAt(madeBy.id)}">${madeBy.name}</a>` : madeBy.name}
            </dd>`
        }
        <dt>State</dt>
        <dd>${disabledAt === null ? 'May sign in' : html`Disabled since ${date(disabledAt)}`}</dd>
      </dl>
    </section>
    <section class="card">
      <h2>Sessions at once</h2>
      <p>${limit}</p>
      <p>
        Their own limit: ${sessionLimit ?? 'not set'}
        <a href="/nova/resources/users/${at}/limit">Change<span class="hidden"> the limit</span></a>
      </p>
      ${
        isSuperAdmin &&
        html`<p>
          <a href="/nova/resources/auth-sessions?subject=${at}">Sessions</a> ·
          <a href="/nova/policies/effective?user=${at}">What holds for them, and why</a> ·
          <a href="/nova/resources/users/${at}/second-factors">Second factors</a> ·
          <a href="/nova/resources/users/${at}/access">Roles and access</a>
        </p>`
      }
    </section>
    <section class="card">
      <h2>Refused sign-ins</h2>
      ${denied.length === 0 ? html`<p>None of the last 30 days.</p>` : deniedList(denied, now)}
    </section>`
  return page({ ...view, title: 'User', place: '/nova/resources/users', body })
}

/** Their password was right; the reason is what they were told. */
function deniedList(denied: readonly DeniedLogin[], now: Instant): Html {
  return html`<ul>
    ${denied.map(
      ({ at, reason }) =>
        html`<li>
          ${dateAndDistance(at, now)}: ${refusalSentence(reason)} <small><code>${reason}</code></small>
        </li>`,
    )}
  </ul>`
}

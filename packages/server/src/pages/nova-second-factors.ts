import type { Instant } from 'sojourn'
import type { TotpFacts } from '../factors/totp.ts'
import type { ShownPasskey } from './account-security.ts'
import { html } from './html.ts'
import { date } from './moment.ts'
import { type Frame, page } from './page.ts'

export interface NovaSecondFactorsView extends Frame {
  readonly now: Instant
  readonly account: { readonly id: string; readonly email: string }
  readonly totp: TotpFacts | undefined
  readonly passkeys: readonly ShownPasskey[]
  readonly codesLeft: number
}

/** `POST /nova/resources/users/:id/second-factors/reset` removes them. */
export function novaSecondFactors(view: NovaSecondFactorsView): string {
  const { account, totp, passkeys, codesLeft } = view
  const action = `/nova/resources/users/${encodeURIComponent(account.id)}/second-factors/reset`
  const body = html` <p>${account.email}</p>
    <dl class="card">
      <dt>Authenticator app</dt>
      <dd>${totp === undefined ? 'None' : html`Set up ${date(totp.createdAt)}`}</dd>
      <dt>Passkeys</dt>
      <dd>
        ${passkeys.length === 0 ? 'None' : passkeys.map(({ name, createdAt }) => html`<div>${name}, added ${date(createdAt)}</div>`)}
      </dd>
      <dt>Recovery codes left</dt>
      <dd>${codesLeft}</dd>
    </dl>
    <details class="ask">
      <summary>Remove all of them…</summary>
      <div class="card">
        <p>
          For somebody who has lost them, once you know that it is they who ask. They are signed out
          everywhere, sign in with their password or by mail alone, and are told by mail.
        </p>
        <form method="post" action="${action}">
          <button type="submit" class="danger">Remove all second factors</button>
        </form>
      </div>
    </details>`
  return page({ ...view, title: 'Second factors', place: '/nova/resources/users', body })
}

import type { Instant } from 'sojourn'
import type { Passkey } from '../factors/passkeys.ts'
import type { TotpFacts } from '../factors/totp.ts'
import { passkeysScript } from '../passkeys-script.ts'
import { field } from './field.ts'
import { html, type Html } from './html.ts'
import { date, distance } from './moment.ts'
import { type Frame, page } from './page.ts'
import { passkeyForm } from './passkey-form.ts'

/** What is shown of a passkey. */
export type ShownPasskey = Pick<Passkey, 'id' | 'name' | 'isSynced' | 'createdAt' | 'lastUsedAt'>

export interface AccountSecurityView extends Frame {
  readonly now: Instant
  readonly totp: TotpFacts | undefined
  readonly passkeys: readonly ShownPasskey[]
  readonly codesLeft: number
  /** What a new passkey is called unless its person says otherwise. */
  readonly passkeyName: string
}

const path = '/account/security'

/** Beside a password or a link by mail, what a sign-in takes, and what takes their place. */
export function accountSecurity(view: AccountSecurityView): string {
  const { now, totp, passkeys, codesLeft, passkeyName } = view
  const isOn = totp !== undefined || passkeys.length > 0
  const body = html` <p class="lead">
      ${
        isOn
          ? 'Whoever signs in with your password or by mail is asked for one of these as well.'
          : 'With an app or a passkey, your password alone opens nothing. A passkey also signs you in without a password.'
      }
    </p>
    <section class="card">
      <h2>Passkeys</h2>
      ${
        passkeys.length === 0
          ? html`<p>None</p>`
          : html`<ul class="factors">
              ${passkeys.map((one) => passkey(one, now))}
            </ul>`
      }
      ${passkeyForm({
        kind: 'create',
        action: `${path}/passkeys`,
        options: `${path}/passkeys/options`,
        fields: field({
          name: 'name',
          label: 'Name of a new passkey',
          type: 'text',
          autocomplete: 'off',
          value: passkeyName,
        }),
        button: 'Add a passkey',
      })}
    </section>
    <section class="card">
      <h2>Authenticator app</h2>
      ${totp === undefined ? html`<p>None. <a href="${path}/authenticator">Set one up</a></p>` : app(totp, now)}
    </section>
    ${isOn && recovery(codesLeft)}`
  return page({ ...view, title: 'Security', place: '/account/security', script: passkeysScript, body })
}

function passkey({ id, name, isSynced, createdAt, lastUsedAt }: ShownPasskey, now: Instant): Html {
  return html`<li>
    <p>
      <strong>${name}</strong><br />
      <span class="muted">
        ${isSynced ? 'Synced between devices' : 'On one device'}, added ${date(createdAt)},
        ${lastUsed(lastUsedAt, now)}
      </span>
    </p>
    ${remove(`${path}/passkeys/${encodeURIComponent(id)}/remove`, 'passkey', `${name}, added ${new Date(createdAt).toISOString()}`)}
  </li>`
}

function app({ createdAt, lastUsedAt }: TotpFacts, now: Instant): Html {
  return html`<p>Set up ${date(createdAt)}, ${lastUsed(lastUsedAt, now)}</p>
    ${remove(`${path}/authenticator/remove`, 'app', '')}`
}

function recovery(left: number): Html {
  return html`<section class="card">
    <h2>Recovery codes</h2>
    <p>${left === 1 ? '1 code is' : `${left} codes are`} left.</p>
    <details class="ask">
      <summary>Make new ones…</summary>
      <p>The old ones are good for nothing any more then.</p>
      <form method="post" action="${path}/recovery-codes">
        <button type="submit">Make new recovery codes</button>
      </form>
    </details>
  </section>`
}

/** Asks before it acts. `which` tells it from its neighbours for whoever hears the page. */
function remove(action: string, what: 'passkey' | 'app', which: string): Html {
  const told = which !== '' && html`<span class="hidden"> ${which}</span>`
  return html`<details class="ask">
    <summary>Remove${told}…</summary>
    <p>Nobody gets in with it any more. Your other sessions end.</p>
    <form method="post" action="${action}">
      <button type="submit" class="danger">Remove the ${what}${told}</button>
    </form>
  </details>`
}

function lastUsed(at: Instant | null, now: Instant): Html | string {
  return at === null ? 'not used yet' : html`last used ${distance(at, now)}`
}

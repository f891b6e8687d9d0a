import type { Account } from '../accounts/account.ts'
import { html, type Html } from './html.ts'
import { date } from './moment.ts'
import { type Frame, page } from './page.ts'

export interface AccountView extends Frame {
  readonly account: Pick<Account, 'name' | 'email' | 'emailVerifiedAt' | 'phone'>
  readonly hasPassword: boolean
}

/** What somebody signs in with, and the way to change it. */
export function account(view: AccountView): string {
  const { name, email, emailVerifiedAt, phone } = view.account
  const confirmed = emailVerifiedAt === null ? 'Not confirmed' : html`Confirmed on ${date(emailVerifiedAt)}`
  const body = html` <section class="card">
      <h2>How you sign in</h2>
      <dl>
        ${row('Name', name)}
        ${row('E-mail', html`${email}<br /><span class="muted">${confirmed}</span>`, change('email', 'e-mail address'))}
        ${row('Password', view.hasPassword ? 'Set' : 'None', change('password', 'password'))}
        ${row('Phone', phone ?? 'None', change('phone', 'phone number'))}
      </dl>
    </section>
    <section class="card">
      <h2>How you prove that it is you</h2>
      <p><a href="/account/security">Your passkeys and second factors</a></p>
    </section>
    <section class="card">
      <h2>Where you are signed in</h2>
      <p><a href="/account/sessions">Your sessions</a></p>
    </section>
    <section class="card">
      <h2>Close your account</h2>
      <p>
        <a href="/account/disable">Disable it</a>: nobody signs in to it until an administrator lets you in
        again.
      </p>
      <p><a href="/account/delete">Delete it</a> for good.</p>
    </section>`
  return page({ ...view, title: 'Your account', place: '/account', body })
}

function row(name: string, value: Html | string, action?: Html): Html {
  return html`<dt>${name}</dt>
    <dd>${value}${action !== undefined && html` ${action}`}</dd>`
}

function change(what: string, words: string): Html {
  return html`<br /><a href="/account/${what}">Change<span class="hidden"> the ${words}</span></a>`
}

import type { Account, Role } from '../accounts/account.ts'
import { roles as allRoles } from '../accounts/account.ts'
import { choice } from './choice.ts'
import { html, type Html } from './html.ts'
import { noticeBox } from './notice.ts'
import { type Frame, page } from './page.ts'

export interface NovaUserAccessView extends Frame {
  readonly account: Account
  /** How many sessions of theirs would end. */
  readonly live: number
  readonly isOwn: boolean
  /** Why what was sent was refused, as a sentence. */
  readonly error?: string | undefined
}

/** `POST /nova/resources/users/:id/roles`, with `user`, `store-admin`, `super-admin`; `/disable`, `/enable`, `/delete`. */
export function novaUserAccess(view: NovaUserAccessView): string {
  const { account, error, isOwn } = view
  const at = `/nova/resources/users/${encodeURIComponent(account.id)}`
  const body = html`${error !== undefined && noticeBox({ kind: 'error', text: error })}
    <p><a href="${at}">${account.email}</a>${isOwn && html` <strong>This is your own account.</strong>`}</p>
    <form method="post" action="${at}/roles" class="card">
      <h2>Roles</h2>
      ${allRoles.map((role) =>
        choice({
          name: role,
          id: role,
          label: role,
          hint: roleHints[role],
          isChosen: account.roles.includes(role),
        }),
      )}
      <p class="hint">
        Saving ends what is live: ${ends(view)} They sign in again, by the rules of their roles.
      </p>
      ${noteField('roles')}
      <div class="actions"><button type="submit" class="main">Save the roles</button></div>
    </form>
    ${account.disabledAt === null ? disable(view, at) : enable(at)} ${remove(view, at)}`
  return page({
    ...view,
    title: 'Access',
    isRefusal: error !== undefined,
    place: '/nova/resources/users',
    body,
  })
}

const roleHints: { readonly [role in Role]: string } = {
  user: 'Signs in, and sees to their own account.',
  'store-admin': 'Sets how many sessions people may have.',
  'super-admin': 'Sees and ends everybody’s sessions, and sets everything.',
}

function disable(view: NovaUserAccessView, at: string): Html {
  return html`<details class="ask">
    <summary>Disable the account…</summary>
    <form method="post" action="${at}/disable" class="card">
      <p>${ends(view)} They cannot sign in until somebody enables the account again.</p>
      ${noteField('disable')}
      <button type="submit" class="danger">Disable the account</button>
    </form>
  </details>`
}

function enable(at: string): Html {
  return html`<form method="post" action="${at}/enable" class="card">
    <h2>Disabled</h2>
    <p>Once it is enabled they can sign in again. Nothing that ended comes back.</p>
    ${noteField('enable')}
    <button type="submit">Enable the account</button>
  </form>`
}

function remove(view: NovaUserAccessView, at: string): Html {
  return html`<details class="ask">
    <summary>Delete the account…</summary>
    <form method="post" action="${at}/delete" class="card">
      <p>
        ${ends(view)} The account is gone for good, with its second factors; what is left are its ended
        sessions until they are purged.
      </p>
      ${noteField('delete')}
      <button type="submit" class="danger">Delete the account</button>
    </form>
  </details>`
}

function ends({ live }: NovaUserAccessView): string {
  if (live === 0) return 'No session of theirs is live.'
  return live === 1 ? 'One session of theirs ends.' : `${live} sessions of theirs end.`
}

function noteField(of: string): Html {
  const id = `note-${of}`
  return html`<div class="field">
    <label for="${id}">Note</label>
    <p class="hint" id="${id}-hint">Why, for whoever reads the log. At most 200 characters.</p>
    <input
      id="${id}"
      name="note"
      type="text"
      maxlength="200"
      autocomplete="off"
      aria-describedby="${id}-hint"
    />
  </div>`
}

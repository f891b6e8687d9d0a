import type { Instant } from 'sojourn'
import { type Account, type Role, roles } from '../accounts/account.ts'
import { accountStates } from '../accounts/list-accounts.ts'
import { html, type Html } from './html.ts'
import { date } from './moment.ts'
import { option } from './option.ts'
import { pageLinks } from './page-links.ts'
import { type Frame, page } from './page.ts'

/** As the form sent it; what was left empty is empty. */
export interface UserFilter {
  readonly search: string
  readonly role: Role | ''
  readonly state: (typeof accountStates)[number] | ''
}

export interface NovaUsersView extends Frame {
  readonly now: Instant
  readonly filter: UserFilter
  readonly accounts: readonly Account[]
  /** The cursor of the next page, or `null`. */
  readonly cursor: string | null
  readonly isLaterPage: boolean
}

const path = '/nova/resources/users'

/** `GET` with `search`, `role`, `state`, `cursor`. */
export function novaUsers(view: NovaUsersView): string {
  const body = html`${form(view.filter)} ${view.accounts.length === 0 ? empty(view) : table(view)}
  ${pageLinks({ ...view, of: 'users', path, query: { ...view.filter } })}`
  return page({ ...view, title: 'Users', width: 'wide', place: path, body })
}

function form({ search, role, state }: UserFilter): Html {
  return html`<search>
    <form method="get" action="${path}" class="filters">
      <div class="field">
        <label for="search">Name or e-mail</label>
        <input
          id="search"
          name="search"
          type="search"
          value="${search}"
          maxlength="254"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
        />
      </div>
      <div class="field">
        <label for="role">Role</label>
        <select id="role" name="role">
          ${['', ...roles].map((one) => option(one, one === '' ? 'Any' : one, role))}
        </select>
      </div>
      <div class="field">
        <label for="state">State</label>
        <select id="state" name="state">
          ${['', ...accountStates].map((one) => option(one, one === '' ? 'Any' : stateWords(one), state))}
        </select>
      </div>
      <div class="actions">
        <button type="submit">Filter</button>
        <a href="${path}">Clear</a>
      </div>
    </form>
  </search>`
}

function stateWords(state: string): string {
  return state === 'disabled' ? 'Disabled' : 'May sign in'
}

function table({ accounts }: NovaUsersView): Html {
  return html`<div class="scroll" role="region" aria-labelledby="caption" tabindex="0">
    <table>
      <caption id="caption" class="hidden">
        Users, newest first
      </caption>
      <thead>
        <tr>
          <th scope="col">E-mail</th>
          <th scope="col">Name</th>
          <th scope="col">Roles</th>
          <th scope="col">State</th>
          <th scope="col">Since</th>
        </tr>
      </thead>
      <tbody>
        ${accounts.map(row)}
      </tbody>
    </table>
  </div>`
}

function row({ id, email, name, roles, disabledAt, createdAt }: Account): Html {
  return html`<tr>
    <th scope="row"><a href="${path}/${encodeURIComponent(id)}">${email}</a></th>
    <td>${name}</td>
    <td>${roles.join(', ')}</td>
    <td>
      ${disabledAt === null ? html`<span class="badge good">May sign in</span>` : html`<span class="badge">Disabled</span>`}
    </td>
    <td>${date(createdAt)}</td>
  </tr>`
}

function empty({ filter: { search, role, state }, isLaterPage }: NovaUsersView): Html {
  if (isLaterPage) return html`<p class="empty">No further users</p>`
  const isFiltered = search !== '' || role !== '' || state !== ''
  return html`<p class="empty">${isFiltered ? 'No users match this filter' : 'No users'}</p>`
}

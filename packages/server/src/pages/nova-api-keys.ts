import type { Instant } from 'sojourn'
import { type ApiKey, stateOfKey } from '../keys/api-key.ts'
import { type Scope, scopeNames, scopes } from '../keys/scopes.ts'
import { choice } from './choice.ts'
import { field } from './field.ts'
import { html, type Html } from './html.ts'
import { dateAndDistance } from './moment.ts'
import { type Frame, page } from './page.ts'

export const keysPath = '/nova/api-keys'

/** What was sent, where it was refused. */
export interface ApiKeyForm {
  readonly name?: string
  readonly scopes?: readonly string[]
  readonly days?: string
  readonly errors?: {
    readonly name: string | undefined
    readonly scopes: string | undefined
    readonly days: string | undefined
  }
}

export interface ApiKeysView extends Frame {
  readonly keys: readonly ApiKey[]
  readonly now: Instant
  readonly form: ApiKeyForm
}

/** Every key, and the form for another. */
export function novaApiKeys({ keys, now, form, ...view }: ApiKeysView): string {
  const body = html`<p>
      Other back ends show a key to ask this server who is signed in. A key is shown once, when it is made;
      here is only its public part.
    </p>
    ${keys.length === 0 ? html`<p>There are no keys.</p>` : keys.map((key) => card(key, now))}
    <section class="card">
      <h2>Another key</h2>
      <form method="post" action="${keysPath}">
        ${[
          field({
            name: 'name',
            label: 'Which back end it is for',
            type: 'text',
            autocomplete: 'off',
            value: form.name,
            error: form.errors?.name,
          }),
          scopeFields(form),
          field({
            name: 'days',
            label: 'Days until it expires',
            type: 'text',
            autocomplete: 'off',
            inputMode: 'numeric',
            value: form.days,
            hint: 'Empty: it does not expire.',
            error: form.errors?.days,
            isOptional: true,
          }),
        ]}
        <div class="actions"><button type="submit" class="main">Make the key</button></div>
      </form>
    </section>`
  return page({
    ...view,
    title: 'API keys',
    isRefusal: form.errors !== undefined,
    place: '/nova/api-keys',
    body,
  })
}

/** The one page that ever shows it. */
export function novaApiKey({
  key,
  secret,
  ...view
}: Frame & { readonly key: ApiKey; readonly secret: string }): string {
  const body = html`<p class="lead">
      This is the key of ${key.name}. Put it where that back end keeps its secrets: it is not shown again.
    </p>
    <div class="card">
      <p><code>${secret}</code></p>
      <p><a href="${keysPath}">I have it</a></p>
    </div>`
  return page({ ...view, title: 'The new key', place: '/nova/api-keys', body })
}

function scopeFields({ scopes: chosen = [], errors }: ApiKeyForm): Html {
  const error = errors?.scopes
  const one = (scope: Scope): Html =>
    choice({
      name: scopeField(scope),
      id: scopeField(scope),
      label: scope,
      hint: `It ${scopes[scope]}.`,
      isChosen: chosen.includes(scope),
    })
  return html`<div
    role="group"
    aria-labelledby="scopes"
    ${error !== undefined && html`aria-describedby="scopes-error"`}
  >
    <p id="scopes">What it may do</p>
    ${error !== undefined && html`<p class="wrong" id="scopes-error">${error}</p>`} ${scopeNames.map(one)}
  </div>`
}

/** What a form calls a scope. */
export function scopeField(scope: Scope): string {
  return `scope_${scope.replace(':', '_')}`
}

const states = { good: 'Good', expired: 'Expired', revoked: 'Revoked' } as const

function card(key: ApiKey, now: Instant): Html {
  const { id, name, scopes, rate, createdAt, rotatedAt, previousUntil, expiresAt, revokedAt, lastUsedAt } =
    key
  const state = stateOfKey(key, now)
  const moment = (at: Instant | null, none: string): Html | string =>
    at === null ? none : dateAndDistance(at, now)
  return html`<section class="card">
    <h2>${name}</h2>
    <dl>
      <dt>Key</dt>
      <dd><code>sjk_${id}_…</code></dd>
      <dt>State</dt>
      <dd>${states[state]}${revokedAt !== null && html`, ${dateAndDistance(revokedAt, now)}`}</dd>
      <dt>May</dt>
      <dd>${scopes.join(', ')}, ${rate} requests a minute</dd>
      <dt>Made</dt>
      <dd>${dateAndDistance(createdAt, now)}</dd>
      ${
        rotatedAt !== null &&
        html`<dt>Replaced</dt>
          <dd>${dateAndDistance(rotatedAt, now)}</dd>`
      }
      ${
        previousUntil !== null &&
        previousUntil >= now &&
        html`<dt>The old one works until</dt>
          <dd>${dateAndDistance(previousUntil, now)}</dd>`
      }
      <dt>Expires</dt>
      <dd>${moment(expiresAt, 'Never')}</dd>
      <dt>Last used</dt>
      <dd>${moment(lastUsedAt, 'Never')}</dd>
    </dl>
    ${state === 'good' && acts(key)}
  </section>`
}

function acts({ id, name }: ApiKey): Html {
  const which = `${name}, ${id}`
  return html`<div class="actions">
    <form method="post" action="${keysPath}/${id}/rotate">
      <button type="submit">
        Replace<span class="hidden"> ${which}: the old key works for a day more</span>
      </button>
    </form>
    <form method="post" action="${keysPath}/${id}/revoke">
      <button type="submit" class="danger">Revoke<span class="hidden"> ${which}</span></button>
    </form>
  </div>`
}

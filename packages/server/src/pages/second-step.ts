import { passkeysScript } from '../passkeys-script.ts'
import { field, returnToField } from './field.ts'
import { html } from './html.ts'
import { noticeBox } from './notice.ts'
import { page } from './page.ts'
import { passkeyForm } from './passkey-form.ts'

export interface SecondStepView {
  /** Whose sign-in it is. */
  readonly email: string
  readonly hasApp: boolean
  readonly hasPasskey: boolean
  readonly hasRecoveryCodes: boolean
  readonly returnTo?: string | undefined
  readonly error?: string | undefined
}

const action = '/login/second'

/** `POST /login/second` with one of `code`, `recovery` and `response`, and `return_to`. `POST /logout` gives the sign-in up. */
export function secondStep(view: SecondStepView): string {
  const { email, hasApp, hasPasskey, hasRecoveryCodes, returnTo, error } = view
  const describedBy = error === undefined ? undefined : 'second-error'
  const code = {
    name: 'code',
    label: 'Code',
    type: 'text',
    autocomplete: 'one-time-code',
    inputMode: 'numeric',
    hint: 'Six digits, from your authenticator app.',
    describedBy,
  } as const
  const recovery = {
    name: 'recovery',
    label: 'Recovery code',
    type: 'text',
    autocomplete: 'off',
    hint: 'One of those that you have written down. It is good once.',
  } as const
  const body = html` ${error !== undefined && noticeBox({ kind: 'error', text: error }, describedBy)}
    <p class="lead">One more step, to sign in as <strong>${email}</strong>.</p>
    ${
      hasApp &&
      html`<div class="card">
        <form method="post" action="${action}">
          ${field(code)} ${returnToField(returnTo)}
          <button type="submit" class="main">Sign in</button>
        </form>
      </div>`
    }
    ${
      hasPasskey &&
      html`<div class="card">
        ${passkeyForm({
          kind: 'get',
          action,
          options: '/login/second/options',
          fields: returnToField(returnTo),
          button: 'Use a passkey',
        })}
      </div>`
    }
    ${
      hasRecoveryCodes &&
      html`<details>
        <summary>Use a recovery code…</summary>
        <div class="card">
          <form method="post" action="${action}">
            ${field(recovery)} ${returnToField(returnTo)}
            <button type="submit">Sign in with the recovery code</button>
          </form>
        </div>
      </details>`
    }
    <form method="post" action="/logout"><button type="submit">Do not sign in</button></form>`
  return page({
    title: 'Show that it is you',
    isRefusal: error !== undefined,
    width: 'narrow',
    body,
    ...(hasPasskey ? { script: passkeysScript } : {}),
  })
}

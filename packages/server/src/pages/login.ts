import { field, returnToField, withReturnTo } from './field.ts'
import { passkeysScript } from '../passkeys-script.ts'
import { html, type Html, type Part } from './html.ts'
import { noticeBox } from './notice.ts'
import { type Frame, page } from './page.ts'
import { passkeyForm } from './passkey-form.ts'
import { rememberChoice, type RememberChoice } from './remember-choice.ts'

export interface LoginView extends Frame, RememberChoice {
  /** What was typed before. A password is never given back. */
  readonly email?: string | undefined
  /** Where to go afterwards: a path that has been checked. */
  readonly returnTo?: string | undefined
  /** Why the sign-in was refused, as a sentence. */
  readonly error?: string | undefined
  /** Why the last session ended, as a sentence. */
  readonly endedSentence?: string | undefined
  /** Whether people may sign up by themselves; true if left out. */
  readonly signup?: boolean | undefined
  /** Identity providers at which people may sign in instead. */
  readonly providers?: readonly Provider[] | undefined
  /** Whether links can be sent; false if left out. */
  readonly byMail?: boolean | undefined
  /** Institutions in whose network whoever looks stands: they may come in without more. */
  readonly networks?: readonly { readonly id: string; readonly name: string }[] | undefined
}

/** Another site at which people sign in, and our own address that leads there. */
export interface Provider {
  readonly name: string
  readonly address: string
}

/** `POST /login/ip` with `integration` and `return_to`. */
function networkForm(
  { id, name }: { readonly id: string; readonly name: string },
  returnTo: string | undefined,
): Html {
  return html`<form method="post" action="/login/ip">
    <input type="hidden" name="integration" value="${id}" />
    ${returnToField(returnTo)}
    <button type="submit" class="main">Continue as ${name}</button>
  </form>`
}

/** `POST /login` with `email`, `password`, `remember`, `return_to`. */
export function login(view: LoginView): string {
  const { email, returnTo, error, endedSentence, signup = true, byMail = false } = view
  const { providers = [], networks = [] } = view
  const describedBy = error === undefined ? undefined : 'login-error'
  const body = html` ${endedSentence !== undefined && noticeBox({ kind: 'info', text: endedSentence })}
    ${networks.length > 0 && html`<div class="card">${networks.map((one) => networkForm(one, returnTo))}</div>`}
    <div class="card">
      ${error !== undefined && noticeBox({ kind: 'error', text: error }, describedBy)}
      <form method="post" action="/login">
        ${field({ name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username', value: email, describedBy })}
        ${field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', describedBy })}
        ${rememberChoice(view)} ${returnToField(returnTo)}
        <button type="submit" class="main">Sign in</button>
      </form>
    </div>
    <div class="card">
      ${passkeyForm({
        kind: 'get',
        action: '/login/passkey',
        options: '/login/passkey/options',
        fields: returnToField(returnTo),
        button: 'Use a passkey',
      })}
    </div>
    ${providerList(providers, returnTo)}
    ${
      byMail &&
      html`<p class="aside">
        <a href="${withReturnTo('/login/link', returnTo)}">Sign in by e-mail</a> ·
        <a href="/login/reset">Forgot your password?</a>
      </p>`
    }
    ${signup && html`<p class="aside">No account yet? <a href="${withReturnTo('/signup', returnTo)}">Sign up</a></p>`}`
  return page({
    ...view,
    title: 'Sign in',
    isRefusal: error !== undefined,
    width: 'narrow',
    script: passkeysScript,
    body,
  })
}

function providerList(providers: readonly Provider[], returnTo: string | undefined): Part {
  if (providers.length === 0) return null
  return html`<div class="card">
    <h2>Sign in elsewhere</h2>
    <ul>
      ${providers.map(({ name, address }) => html`<li><a href="${withReturnTo(address, returnTo)}">${name}</a></li>`)}
    </ul>
  </div>`
}

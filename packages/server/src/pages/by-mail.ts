import { field } from './field.ts'
import { formError, formPage } from './form-page.ts'
import { html, type Html } from './html.ts'
import { type Frame, page } from './page.ts'
import { rememberChoice, type RememberChoice } from './remember-choice.ts'

/** Whether a demo keeps the letter, which then can be read at once. */
interface Kept {
  readonly hasMailbox: boolean
}

interface Back {
  /** Where to go afterwards: a path that has been checked. */
  readonly returnTo?: string | undefined
}

interface Asking extends Frame, Back {
  /** What was typed before. */
  readonly email?: string | undefined
  readonly error?: string | undefined
}

/** `POST /login/link` with `email`, `return_to`. */
export function askSignIn(view: Asking): string {
  return formPage({
    ...view,
    title: 'Sign in by e-mail',
    lead: 'We send a link to your e-mail address. It signs you in, without a password.',
    action: '/login/link',
    fields: [emailField(view)],
    button: 'Send the link',
    cancel: '/login',
  })
}

/** `POST /login/reset` with `email`, `return_to`. */
export function askReset(view: Asking): string {
  return formPage({
    ...view,
    title: 'Choose a new password',
    lead: 'We send a link to your e-mail address. There you choose a new password.',
    action: '/login/reset',
    fields: [emailField(view)],
    button: 'Send the link',
    cancel: '/login',
  })
}

/** The same for every address, whether it has an account or not. */
export function letterAsked({ hasMailbox, ...view }: Frame & Kept): string {
  return letterPage(
    view,
    html`<p>If there is an account with this address, a letter with a link is on its way to it.</p>
      ${notThere(hasMailbox)}`,
  )
}

/** The same for every address, whether it has an account already or not. */
export function confirmationAsked({ hasMailbox, ...view }: Frame & Kept): string {
  return letterPage(
    view,
    html`<p>We have sent a letter to your e-mail address. Open the link in it to go on.</p>
      ${notThere(hasMailbox)}`,
  )
}

/** Opens nothing by being looked at. `POST /login/link/enter` with `token`, `remember`. */
export function useSignInLink(
  view: Frame & RememberChoice & { readonly email: string; readonly token: string },
): string {
  return formPage({
    ...view,
    title: 'Sign in',
    lead: html`You sign in as <strong>${view.email}</strong>. Go on only if you asked for this link yourself.`,
    action: '/login/link/enter',
    fields: [rememberChoice(view)],
    hidden: { token: view.token },
    button: 'Sign in',
    cancel: '/login',
  })
}

interface NewPassword extends Frame {
  /** Whose password it becomes. */
  readonly email: string
  readonly token: string
  readonly minPasswordLength: number
  readonly error?: string | undefined
}

/** `POST /login/reset/password` with `token`, `password`. */
export function newPassword(view: NewPassword): string {
  return formPage({
    ...view,
    title: 'Choose a new password',
    lead: 'You are signed out everywhere by it. Then sign in with the new password.',
    action: '/login/reset/password',
    username: view.email,
    fields: [newPasswordField(view)],
    hidden: { token: view.token },
    button: 'Save the password',
    cancel: '/login',
  })
}

/** `POST /signup/confirm` with `token`, `password`. */
export function confirmSignup(
  view: Frame & { readonly token: string; readonly email: string; readonly error?: string | undefined },
): string {
  const describedBy = view.error === undefined ? undefined : formError
  return formPage({
    ...view,
    title: 'Confirm your e-mail address',
    lead: html`You signed up as <strong>${view.email}</strong>. Enter the password that you have chosen.`,
    action: '/signup/confirm',
    username: view.email,
    fields: [
      field({
        name: 'password',
        label: 'Password',
        type: 'password',
        autocomplete: 'current-password',
        describedBy,
      }),
    ],
    hidden: { token: view.token },
    button: 'Confirm and sign in',
    aside: 'If you did not sign up, close this page: there is no account without your confirmation.',
  })
}

export function newPasswordField({
  minPasswordLength,
  error,
}: Pick<NewPassword, 'minPasswordLength' | 'error'>): Html {
  return field({
    name: 'password',
    label: 'New password',
    type: 'password',
    autocomplete: 'new-password',
    hint: `At least ${minPasswordLength} characters. A few unrelated words are easy to remember.`,
    minLength: minPasswordLength,
    describedBy: error === undefined ? undefined : formError,
  })
}

function emailField({ email, error }: Asking): Html {
  return field({
    name: 'email',
    label: 'E-mail',
    type: 'email',
    autocomplete: 'username',
    value: email,
    describedBy: error === undefined ? undefined : formError,
  })
}

function letterPage(view: Frame, body: Html): string {
  return page({
    ...view,
    title: 'Look into your mailbox',
    width: 'narrow',
    body: html`<div class="card">${body}</div>`,
  })
}

function notThere(hasMailbox: boolean): Html {
  return html`<p>No letter? Look among the unwanted ones, check the address, and wait a few minutes.</p>
    ${hasMailbox && html`<p>This is a demo: <a href="/dev/mail">read its letters here</a>.</p>`}
    <p><a href="/login">Go to the sign-in page</a></p>`
}

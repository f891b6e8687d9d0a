import { newPasswordField } from './by-mail.ts'
import { field } from './field.ts'
import { formError, formPage } from './form-page.ts'
import { html } from './html.ts'
import type { Frame } from './page.ts'

interface Refused extends Frame {
  /** Why what was sent was refused, as a sentence. */
  readonly error?: string | undefined
}

interface PasswordView extends Refused {
  /** Whose password it is. */
  readonly email: string
  readonly minPasswordLength: number
  /** An account that has none is asked for none. */
  readonly hasPassword: boolean
}

const cancel = '/account'

/** `POST /account/password` with `current`, `password`. */
export function changePassword(view: PasswordView): string {
  const describedBy = view.error === undefined ? undefined : formError
  return formPage({
    ...view,
    cancel,
    title: 'Change your password',
    lead: 'Your other sessions end, and no other device can come back without signing in.',
    action: '/account/password',
    username: view.email,
    fields: [
      view.hasPassword &&
        field({
          name: 'current',
          label: 'Current password',
          type: 'password',
          autocomplete: 'current-password',
          describedBy,
        }),
      newPasswordField(view),
    ],
    button: 'Save the password',
  })
}

/** `POST /account/email` with `email`. `isConfirmed`: the new address has to be confirmed before it is used. */
export function changeEmail(
  view: Refused & { readonly email?: string | undefined; readonly isConfirmed: boolean },
): string {
  return formPage({
    ...view,
    cancel,
    title: 'Change your e-mail address',
    lead: view.isConfirmed
      ? 'We send a link to the new address, and tell the old one. Nothing changes before you have opened the link.'
      : 'You sign in with the new address from then on.',
    action: '/account/email',
    fields: [
      field({
        name: 'email',
        label: 'New e-mail address',
        type: 'email',
        autocomplete: 'email',
        value: view.email,
        describedBy: view.error === undefined ? undefined : formError,
      }),
    ],
    button: view.isConfirmed ? 'Send the link' : 'Save the address',
  })
}

/** `POST /account/email/confirm` with `token`. */
export function confirmEmail(view: Frame & { readonly email: string; readonly token: string }): string {
  return formPage({
    ...view,
    cancel,
    title: 'Confirm your new e-mail address',
    lead: html`You sign in as <strong>${view.email}</strong> from then on. Your other sessions end.`,
    action: '/account/email/confirm',
    hidden: { token: view.token },
    button: 'Use this address',
  })
}

/** `POST /account/phone` with `phone`, which may be empty. */
export function changePhone(view: Refused & { readonly phone?: string | undefined }): string {
  return formPage({
    ...view,
    cancel,
    title: 'Change your phone number',
    lead: 'Your other sessions end. Leave the field empty to have none.',
    action: '/account/phone',
    fields: [
      field({
        name: 'phone',
        label: 'Phone number',
        type: 'tel',
        autocomplete: 'tel',
        hint: 'With the code of the country, such as +49 30 1234567.',
        value: view.phone,
        isOptional: true,
        describedBy: view.error === undefined ? undefined : formError,
      }),
    ],
    button: 'Save the number',
  })
}

/** `POST /account/disable`. */
export function disableOwn(view: Frame): string {
  return formPage({
    ...view,
    cancel,
    title: 'Disable your account',
    lead: 'You are signed out everywhere, and cannot sign in again until an administrator lets you in.',
    action: '/account/disable',
    button: 'Disable my account',
    isDangerous: true,
  })
}

/** `POST /account/delete`. */
export function deleteOwn(view: Frame): string {
  return formPage({
    ...view,
    cancel,
    title: 'Delete your account',
    lead: 'You are signed out everywhere, and the account is gone for good. This cannot be undone.',
    action: '/account/delete',
    button: 'Delete my account',
    isDangerous: true,
  })
}

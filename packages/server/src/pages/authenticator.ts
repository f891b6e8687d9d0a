import { otpauthUri } from '../factors/totp.ts'
import { field } from './field.ts'
import { formError, formPage } from './form-page.ts'
import { html } from './html.ts'
import type { Frame } from './page.ts'
import { qr } from './qr.ts'

export interface AuthenticatorView extends Frame {
  /** How the app is to call this server. */
  readonly site: string
  readonly email: string
  readonly secret: string
  readonly sealed: string
  readonly error?: string | undefined
}

/** `POST /account/security/authenticator` with `sealed`, `code`. */
export function authenticator(view: AuthenticatorView): string {
  const { site, email, secret, sealed, error } = view
  const uri = otpauthUri(site, email, secret)
  return formPage({
    ...view,
    title: 'Set up an authenticator app',
    lead: html`Scan this with the app, or type its key. Then enter the code that the app shows. Your other
    sessions end.`,
    action: '/account/security/authenticator',
    fields: [
      html`${qr(uri, 'QR code for your authenticator app')}
        <p>Key: <code>${secret.match(/.{1,4}/g)?.join(' ')}</code></p>
        <p><a href="${uri}">Open the app on this device</a></p>`,
      field({
        name: 'code',
        label: 'Code',
        type: 'text',
        autocomplete: 'one-time-code',
        inputMode: 'numeric',
        hint: 'Six digits, another six every half minute.',
        describedBy: error === undefined ? undefined : formError,
      }),
    ],
    hidden: { sealed },
    button: 'Use this app',
    cancel: '/account/security',
  })
}

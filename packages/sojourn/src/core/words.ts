import type { FormVerdict } from './form.ts'
import type { EndReason } from './session.ts'

/** The sentence that tells a person why their session ended. */
export const endSentences: { readonly [reason in EndReason]: string } = {
  idle_timeout: 'You were signed out because you had not used this page for a while.',
  absolute_timeout: 'You were signed out because you had been signed in for the longest time allowed.',
  user_logout: 'You have signed out.',
  user_revoked: 'You were signed out from another of your devices.',
  evicted_by_limit:
    'You were signed out because you signed in on another device and only so many may be signed in at once.',
  admin_revoked: 'An administrator signed you out.',
  bulk_revoked: 'An administrator signed everybody out.',
  credential_changed: 'You were signed out because your password or another way to sign in was changed.',
  account_disabled: 'You were signed out because your account was disabled.',
  fingerprint_mismatch: 'You were signed out because your session was used by another browser.',
  token_reuse:
    'You were signed out because an old copy of your session was used. If that was not you, change your password.',
  policy_changed: 'You were signed out because the rules for signing in have changed.',
  idp_logout: 'You were signed out where you had signed in.',
  idp_expired: 'Your sign-in at the identity provider ran out.',
  replaced_at_login: 'You signed in again; this replaced your earlier session.',
  upgraded: 'Your visit went on as a signed-in session.',
  remember_restored: 'Your session was continued by a new one.',
  watermark: 'You were signed out because all earlier sessions were ended.',
  maintenance: 'Your session could not be continued.',
}

/** The sentence that tells a person why a page of a form was not taken: two causes, two different messages. */
export const formSentences: { readonly [verdict in Exclude<FormVerdict, 'in_time'>]: string } = {
  form_timeout:
    'This page was open for too long, so it was not sent. Your answers are kept: look them over and start the form again.',
  session_lost:
    'Your session ended before you sent this page. Sign in or start again; what you had entered on this page is kept.',
}

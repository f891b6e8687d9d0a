import type { EndReason } from 'sojourn'
import { html, type Html } from './html.ts'

/** Why a session ended, in a few words for an administrator. */
export const reasonWords: { readonly [reason in EndReason]: string } = {
  idle_timeout: 'Not used for too long',
  absolute_timeout: 'Longest time reached',
  user_logout: 'Signed out',
  user_revoked: 'Ended by its owner',
  evicted_by_limit: 'Made room under the limit',
  admin_revoked: 'Ended by an administrator',
  bulk_revoked: 'Ended with many others',
  credential_changed: 'Credential changed',
  account_disabled: 'Account disabled',
  fingerprint_mismatch: 'Used by another browser',
  token_reuse: 'Old token used again',
  policy_changed: 'Policy changed',
  idp_logout: 'Signed out at the identity provider',
  idp_expired: 'Expired at the identity provider',
  replaced_at_login: 'Replaced by a new sign-in',
  upgraded: 'Guest signed in',
  remember_restored: 'Continued by a new session',
  watermark: 'All earlier sessions ended',
  maintenance: 'Maintenance',
}

/** The words, with the word that programs use beside them. */
export function reasonOf(reason: EndReason): Html {
  return html`${reasonWords[reason]} <code>${reason}</code>`
}

import { choice, type Option, type Options } from './option.ts'

/** Which sessions end: every one, or every one but that in which the change is made. */
export type EndsAtChange = 'all' | 'all-but-current'

export interface CredentialPolicy {
  /** What ends when somebody who is logged in changes the password. */
  readonly onPasswordChange: EndsAtChange
  readonly onEmailChange: EndsAtChange
  readonly onPhoneChange: EndsAtChange
  /** The same for a second factor that is set up, replaced or removed. */
  readonly onMfaChange: EndsAtChange
}

export const credentialOptions = {
  onPasswordChange: atChange('the password'),
  onEmailChange: atChange('the e-mail address'),
  onPhoneChange: atChange('the phone number'),
  onMfaChange: atChange('a second factor'),
} satisfies Options<CredentialPolicy>

export type Credential = 'password' | 'email' | 'phone' | 'mfa'

export interface CredentialChange {
  readonly credential: Credential
  /** `in-session`: by somebody who is logged in and has just proven it. `reset`: by a link, a code, or an administrator. */
  readonly how: 'in-session' | 'reset'
  /** The id of the session in which it is made; `null`: none. */
  readonly current: string | null
}

/** What to end at a change: the subject's sessions, with what remembers their devices. */
export interface CredentialEnds {
  readonly reason: 'credential_changed'
  /** The session that stays; its token must be replaced, since it may have been copied. */
  readonly except?: string
}

const options: { readonly [credential in Credential]: keyof CredentialPolicy } = {
  password: 'onPasswordChange',
  email: 'onEmailChange',
  phone: 'onPhoneChange',
  mfa: 'onMfaChange',
}

/**
 * What a change of a credential ends (ASVS 7.4.3). A reset ends everything: whoever asks for it has not shown that a session
 * is theirs. While somebody acts as another it must not come to this: `mayChangeCredentials`.
 */
export function endsAtChange(
  { credential, how, current }: CredentialChange,
  policy: CredentialPolicy,
): CredentialEnds {
  const reason = 'credential_changed'
  const isAll = how === 'reset' || policy[options[credential]] === 'all'
  return isAll || current === null ? { reason } : { reason, except: current }
}

function atChange(what: string): Option<EndsAtChange> {
  return choice(
    ['all', 'all-but-current'],
    'all-but-current',
    `Which sessions end when somebody who is logged in changes ${what}. A reset ends all.`,
  )
}

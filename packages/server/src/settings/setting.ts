import type { Duration } from 'sojourn/core'
import { policyOptions } from 'sojourn/core'
import type { Policy } from 'sojourn'

/** What may be entered for an option. */
export type Entry =
  | {
      readonly kind: 'span'
      readonly least: Duration
      readonly most: Duration
      /** What is entered for `null`; left out, there is always a limit. */
      readonly word?: 'none' | 'never'
    }
  | { readonly kind: 'limit' }
  | { readonly kind: 'choice'; readonly values: readonly string[] }

interface Description {
  readonly label: string
  readonly entry: Entry
  /** Whether store administrators may set it too. */
  readonly isForStores?: true
  /** What it does, where the library's own words speak of values that are not entered so. */
  readonly says?: string
}

const span = (least: Duration, most: Duration, word?: 'none' | 'never'): Entry => ({
  kind: 'span',
  least,
  most,
  ...(word === undefined ? {} : { word }),
})
const choice = (...values: readonly string[]): Entry => ({ kind: 'choice', values })
const ends = choice('all', 'all-but-current')

/**
 * What administrators may set, with bounds that keep people able to sign in and to stay for a task. `null`: the operator's
 * alone, by the configuration: what is settled at the start, ceilings that hold for administrators too, and what only makes
 * sense with the machine in view.
 */
const table = {
  limit: {
    label: 'Sessions at once',
    entry: { kind: 'limit' },
    isForStores: true,
    says: 'How many live sessions one person may have.',
  },
  onExceed: {
    label: 'At one more than that',
    entry: choice('evict-oldest-inactive', 'deny', 'ask-user'),
    isForStores: true,
  },
  idleTimeout: { label: 'Idle timeout', entry: span('1m', '90d', 'none') },
  absoluteTimeout: { label: 'Longest session', entry: span('5m', '400d', 'none') },
  guestIdleTimeout: { label: 'Idle timeout of guests', entry: span('1m', '90d') },
  rememberFor: {
    label: 'Remember me',
    entry: span('1h', '400d', 'never'),
    says: 'How long a device is remembered after its last login or restoration.',
  },
  rememberMax: { label: 'Remember me, in all', entry: span('1h', '400d') },
  pendingTimeout: { label: 'Time for the next step of a sign-in', entry: span('1m', '1d') },
  fingerprint: { label: 'Compare the browser', entry: choice('none', 'ua-exact', 'family+os') },
  onFingerprintChange: { label: 'When the browser has changed', entry: choice('log', 'step-up', 'end') },
  regenerateEvery: { label: 'Replace tokens after', entry: span('1m', '90d', 'none') },
  onPasswordChange: { label: 'A changed password ends', entry: ends },
  onEmailChange: { label: 'A changed e-mail address ends', entry: ends },
  onPhoneChange: { label: 'A changed phone number ends', entry: ends },
  onMfaChange: { label: 'A changed second factor ends', entry: ends },
  impersonationTimeout: { label: 'Acting as somebody else', entry: span('1m', '1d') },
  formTimeout: { label: 'Time for a page of a form', entry: span('1m', '30d', 'none') },
  retention: { label: 'Keep ended sessions', entry: span('1h', '3650d') },
  minimiseAfter: { label: 'Keep their addresses and browsers', entry: span('1h', '3650d') },
  idleTimeoutMax: null,
  touchEvery: null,
  requireInitiated: null,
  regenerationGrace: null,
  aal: null,
  rememberGrace: null,
  sweepOnTouch: null,
  cookieName: null,
  cookiePrefix: null,
  cookieSameSite: null,
  cookieDomain: null,
  cookiePersistent: null,
  cookieForceSecure: null,
  cookieTls: null,
  tokenCodec: null,
  visitorFor: null,
  activitiesKept: null,
  storeTimeout: null,
  onStoreError: null,
} as const satisfies { readonly [Name in keyof Policy]: Description | null }

export type SettingName = {
  [Name in keyof typeof table]: (typeof table)[Name] extends null ? never : Name
}[keyof typeof table]

export interface Setting extends Description {
  readonly name: SettingName
  /** What it does. */
  readonly says: string
}

/** All of them, in the order of the page. */
export const settings: readonly Setting[] = Object.entries<Description | null>(table).flatMap(
  ([key, description]) => {
    const name = key as SettingName
    return description === null ? [] : [{ name, says: policyOptions[name].says, ...description }]
  },
)

export function settingOf(name: string): Setting | undefined {
  return settings.find((setting) => setting.name === name)
}

/** What each kind of link carries for the moment when it is opened. */
export interface Details {
  /** A sign-up that waits for its address to be confirmed; the account is made then. */
  readonly 'sign-up': {
    readonly name: string
    readonly email: string
    readonly passwordHash: string
    readonly remember: boolean
    readonly returnTo: string | null
  }
  readonly 'sign-in': { readonly returnTo: string | null }
  readonly 'reset-password': Readonly<Record<string, never>>
  /** The new address, as it was written. */
  readonly 'change-email': { readonly email: string }
}
export type Purpose = keyof Details

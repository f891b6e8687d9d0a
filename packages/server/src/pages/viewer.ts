import type { Instant } from 'sojourn'

/** Who looks at the page. */
export interface Viewer {
  readonly name: string
  /** Super Admins see the way to the administration. */
  readonly isAdmin: boolean
  /** Store administrators see the way to the settings of users, as Super Admins do. */
  readonly isStoreAdmin?: boolean | undefined
  /** When the viewer is signed out if no further request comes; `null`: not by that. */
  readonly expiresAt?: Instant | null | undefined
  /** For the countdown in the browser; left out, there is none. */
  readonly watch?: { readonly subject: string; readonly expires: string } | undefined
}

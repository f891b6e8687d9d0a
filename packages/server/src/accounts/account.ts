import type { Instant } from 'sojourn'

/** What people may be. A Super Admin may see and end everybody's sessions. */
export const roles = ['user', 'store-admin', 'super-admin'] as const
export type Role = (typeof roles)[number]

/** Somebody who may sign in. Its password hash stays in the database. */
export interface Account {
  /** What sessions know it by. */
  readonly id: string
  readonly email: string
  readonly name: string
  readonly roles: readonly Role[]
  /** Its own limit of live sessions: `null` inherits the policy's, 0 prevents login. */
  readonly sessionLimit: number | null
  readonly disabledAt: Instant | null
  readonly createdAt: Instant
  readonly phone: string | null
  /** When its person showed that they read what is sent to `email`; `null`: never. */
  readonly emailVerifiedAt: Instant | null
  /** Another one after every change of what it is signed in with. */
  readonly credentialRevision: number
}

export function isSuperAdmin({ roles }: Account): boolean {
  return roles.includes('super-admin')
}

export function isStoreAdmin({ roles }: Account): boolean {
  return roles.includes('store-admin')
}

/** The roles that policies and sessions know of: everybody who administers is an `administrator` too. */
export function sessionRoles({ roles }: Account): readonly string[] {
  return roles.some((role) => role !== 'user') ? [...roles, 'administrator'] : roles
}

/** What e-mail addresses are compared by: case tells nobody apart. */
export function emailKey(email: string): string {
  return email.trim().normalize('NFC').toLowerCase()
}

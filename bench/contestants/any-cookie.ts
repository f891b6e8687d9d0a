import { randomBytes } from 'node:crypto'

/** A cookie of the size that ours has, for servers that read none: every row is sent as many bytes. */
export function anyCookie(): string {
  const token = `${randomBytes(16).toString('base64url')}.${randomBytes(32).toString('base64url')}`
  return `__Host-Http-sid=${token}; Path=/; Secure; HttpOnly; SameSite=Lax`
}

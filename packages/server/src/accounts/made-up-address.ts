import { randomUUID } from 'node:crypto'
import type { Account } from './account.ts'

/** No mail goes to `.invalid` (RFC 2606). */
const domain = '@integration.invalid'

/** For an account that has no address of its own. Nobody can sign up before with what they cannot guess. */
export function makeUpAddress(): string {
  return `${randomUUID()}${domain}`
}

/** What administrators know an account by: its address or, where that was made up, its name. */
export function shownAs({ email, name }: Pick<Account, 'email' | 'name'>): string {
  return email.endsWith(domain) ? name : email
}

import type { Account } from '@sojourn/server'
import { moment } from './moment.ts'

/** Accounts as lines. */
export function accountTable(accounts: readonly Account[]): string {
  return [['E-MAIL', 'ROLES', 'SINCE (UTC)', 'STATE'], ...accounts.map(cells)]
    .map(
      ([email = '', roles = '', since = '', state = '']) =>
        `${email.padEnd(32)}  ${roles.padEnd(18)}  ${since.padEnd(16)}  ${state}\n`,
    )
    .join('')
}

function cells({ email, roles, createdAt, disabledAt }: Account): readonly string[] {
  return [email, roles.join(','), moment(createdAt), disabledAt === null ? 'enabled' : 'disabled']
}

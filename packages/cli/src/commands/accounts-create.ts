import { randomBytes } from 'node:crypto'
import { type Role, roles } from '@sojourn/server'
import { defineCommand, json } from '../command.ts'
import { withAccounts } from '../opened.ts'
import { oneOf } from '../option-values.ts'
import { readPassword } from '../read-password.ts'
import { Failure, UsageError } from '../failure.ts'

export const accountsCreate = defineCommand({
  name: 'accounts create',
  says: 'make an account that can sign in',
  more: ['The password is asked for, or read from standard input where that is piped.'],
  options: {
    ...json,
    email: { type: 'string', value: 'EMAIL', says: 'what the person signs in with' },
    name: { type: 'string', value: 'NAME', says: 'what the person is called' },
    role: { type: 'string', multiple: true, value: 'ROLE', says: `${roles.join(', ')}; may be given again` },
    generate: { type: 'boolean', says: 'make up a password and print it, this once' },
  },
  async run({ options: { email, name, role = ['user'], generate, json: asJson } }, terminal) {
    if (email === undefined || name === undefined) throw new UsageError('expected --email and --name')
    const chosen: Role[] = role.map((one) => oneOf('role', roles, one))
    const password = generate === true ? randomBytes(15).toString('base64url') : await readPassword(terminal)
    const account = await withAccounts(terminal, async (accounts) =>
      accounts.create({ email, name, password, roles: chosen }).catch(refusedAsUsage),
    )
    if (account === undefined) throw new Failure('email_taken', `${email} has an account already`)
    const printed = generate === true ? { password } : {}
    if (asJson === true) return terminal.print(`${JSON.stringify({ ...account, ...printed })}\n`)
    terminal.print(`${account.email} can sign in, as ${account.roles.join(', ')}. Account ${account.id}\n`)
    if (generate === true) terminal.print(`Password: ${password}\nIt is not shown again.\n`)
  },
})

/** What the server finds wrong with an account is wrong with the command line. */
function refusedAsUsage(error: unknown): never {
  if (error instanceof Error && error.name === 'ValiError') throw new UsageError(error.message)
  throw error
}

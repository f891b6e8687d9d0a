import { type Account, type AccountChange, administerAccount, roles } from '@sojourn/server'
import { type Command, defineCommand, json } from '../command.ts'
import { confirmed } from '../confirmed.ts'
import { Failure, UsageError } from '../failure.ts'
import { withSessions } from '../opened.ts'
import { oneOf } from '../option-values.ts'
import type { Terminal } from '../terminal.ts'

const options = {
  ...json,
  yes: { type: 'boolean', says: 'do not ask' },
} as const
const more = ['WHO is an account id or e-mail address. Its person gets no letter of it.']

/** What may be done with somebody's account, as on the administrators' page. */
export const accountsChange: readonly Command[] = [
  simple('disable', 'end the sessions of an account and let nobody in'),
  simple('enable', 'let somebody sign in again'),
  simple('delete', 'remove an account for good, with its sessions'),
  defineCommand({
    name: 'accounts roles',
    operands: ['WHO'],
    says: 'set the roles of an account, and end its sessions',
    more,
    options: {
      ...options,
      role: {
        type: 'string',
        multiple: true,
        value: 'ROLE',
        says: `${roles.join(', ')}; may be given again`,
      },
    },
    run: ({ options: { role = [], ...given }, operands: [who] }, terminal) => {
      if (role.length === 0) throw new UsageError(`--role: expected one of ${roles.join(', ')}, or several`)
      const chosen = [...new Set(role.map((one) => oneOf('role', roles, one)))]
      return change(terminal, who, { kind: 'roles', roles: chosen }, given)
    },
  }),
]

function simple(kind: 'disable' | 'enable' | 'delete', says: string): Command {
  return defineCommand({
    name: `accounts ${kind}`,
    operands: ['WHO'],
    says,
    more,
    options,
    run: ({ options: given, operands: [who] }, terminal) => change(terminal, who, { kind }, given),
  })
}

interface Given {
  readonly json?: boolean | undefined
  readonly yes?: boolean | undefined
}

async function change(
  terminal: Terminal,
  who: string | undefined,
  change: AccountChange,
  { json: asJson, yes }: Given,
): Promise<void> {
  if (who === undefined) throw new UsageError('expected WHO: an account id or e-mail address')
  const asks = yes !== true && change.kind !== 'enable'
  if (asks && (asJson === true || terminal.input.isTTY !== true))
    throw new UsageError('nobody can be asked here: add --yes')
  await withSessions(terminal, async (parts) => {
    const { accounts, sessions } = parts
    const account = await (who.includes('@') ? accounts.findByEmail(who) : accounts.find(who))
    if (account === undefined) throw new Failure('no_account', `${who} has no account`)
    const { items } = await sessions.list({ subject: account.id, limit: 1_000 })
    if (asks && !(await confirmed(question(account, change, items.length), terminal)))
      throw new Failure('declined', 'nothing was changed')
    if (!(await administerAccount({ ...parts, mailer: undefined }, account, change, { by: null })))
      throw new Failure(
        'last_administrator',
        `${account.email} is the last Super Admin: make somebody else one first`,
      )
    if (asJson === true)
      return terminal.print(`${JSON.stringify({ id: account.id, email: account.email, ...change })}\n`)
    terminal.print(`${account.email}: ${done(change)}.\n`)
  })
}

function question({ email }: Account, change: AccountChange, live: number): string {
  const ends = live === 1 ? '1 live session ends' : `${live} live sessions end`
  const what = change.kind === 'roles' ? `make ${change.roles.join(', ')}` : change.kind
  return `${what} ${email}? ${ends}. [y/N] `
}

function done(change: AccountChange): string {
  if (change.kind === 'roles') return `${change.roles.join(', ')} now`
  return { disable: 'disabled', enable: 'may sign in again', delete: 'deleted' }[change.kind]
}

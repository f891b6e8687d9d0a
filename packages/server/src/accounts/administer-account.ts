import { letters } from '../mail/letters.ts'
import type { Parts } from '../parts.ts'
import { siteOf } from '../site.ts'
import type { Account, Role } from './account.ts'
import { changeRoles } from './change-roles.ts'
import { deleteAccount } from './delete-account.ts'
import { disableAccount } from './disable-account.ts'

/** What an administrator may do with somebody's account. */
export type AccountChange =
  | { readonly kind: 'disable' | 'enable' | 'delete' }
  | { readonly kind: 'roles'; readonly roles: readonly Role[] }

export type AccountParts = Pick<Parts, 'accounts' | 'links' | 'sessions' | 'mailer' | 'log'> & {
  readonly config: Pick<Parts['config'], 'url'>
}

/**
 * Changes somebody's account by an administrator's hand: with all that ends by it, a line in the log, and a letter to its
 * person. `by`: nobody, where it is done at the command line. False where no Super Admin would be left; nothing has changed then.
 */
export async function administerAccount(
  parts: AccountParts,
  account: Account,
  change: AccountChange,
  { by, note = '' }: { readonly by: string | null; readonly note?: string },
): Promise<boolean> {
  if (!(await carryOut(parts, account.id, change, by))) return false
  const { log, mailer, config } = parts
  const roles =
    change.kind === 'roles' ? { roles: change.roles.join(' '), before: account.roles.join(' ') } : {}
  log.info({ event: events[change.kind], account: account.id, by, ...roles, note }, 'an account was changed')
  const words = change.kind === 'roles' ? `${change.roles.join(', ')} now` : letterWords[change.kind]
  mailer?.post({ to: account.email, ...letters.administered(siteOf(config), words) })
  return true
}

const events = {
  disable: 'account.disabled',
  enable: 'account.enabled',
  delete: 'account.deleted',
  roles: 'account.roles_changed',
} as const

const letterWords = { disable: 'disabled', enable: 'enabled again', delete: 'deleted' } as const

async function carryOut(
  { accounts, links, sessions }: AccountParts,
  id: string,
  change: AccountChange,
  actor: string | null,
): Promise<boolean> {
  const by = actor ?? undefined
  switch (change.kind) {
    case 'enable':
      await accounts.enable(id)
      return true
    case 'disable':
      if (!(await disableAccount(accounts, sessions, id, by))) return false
      await links.revoke(id)
      return true
    case 'delete':
      return deleteAccount(accounts, links, sessions, id, by)
    case 'roles':
      return changeRoles(accounts, sessions, { id, roles: change.roles, ...(by !== undefined && { by }) })
  }
}

import type { Account } from '../accounts/account.ts'
import { deleteAccount } from '../accounts/delete-account.ts'
import { disableAccount } from '../accounts/disable-account.ts'
import { frameOf, pageAnswer, refuse, seeOther } from '../answer.ts'
import { letters } from '../mail/letters.ts'
import { deleteOwn, disableOwn } from '../pages/account-forms.ts'
import type { Frame } from '../pages/page.ts'
import type { Asked, Parts } from '../parts.ts'
import { signOut } from '../sign-out.ts'
import { siteOf } from '../site.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'
import { refuseSensitive } from './step-up.ts'

interface Closing {
  readonly path: string
  readonly page: (frame: Frame) => string
  readonly how: 'disabled' | 'deleted'
  /** False where they are the last Super Admin; nothing has changed then. */
  readonly close: (parts: Parts, account: Account) => Promise<boolean>
}

const closings: readonly Closing[] = [
  {
    path: '/account/disable',
    page: disableOwn,
    how: 'disabled',
    close: async ({ accounts, links, sessions }, { id }) => {
      if (!(await disableAccount(accounts, sessions, id, id))) return false
      await links.revoke(id)
      return true
    },
  },
  {
    path: '/account/delete',
    page: deleteOwn,
    how: 'deleted',
    close: ({ accounts, links, sessions }, { id }) => deleteAccount(accounts, links, sessions, id, id),
  },
]

/** The end of an account by its own person: all its sessions end, and nobody signs in to it any more (ASVS 7.4.2). */
export const accountCloseRoutes: readonly Route[] = closings.flatMap((closing): readonly Route[] => [
  {
    method: 'GET',
    path: closing.path,
    access: 'signed-in',
    handle: (asked, parts) =>
      refuseSensitive(asked, parts, closing.path) ?? pageAnswer(asked, closing.page(frameOf(asked))),
  },
  {
    method: 'POST',
    path: closing.path,
    access: 'signed-in',
    body: 'form',
    handle: (asked, parts) => refuseSensitive(asked, parts, closing.path) ?? act(asked, parts, closing),
  },
])

async function act(asked: Asked, parts: Parts, { how, close }: Closing): Promise<Response> {
  const { log, mailer, config } = parts
  const account = signedIn(asked)
  if (!(await close(parts, account)))
    return refuse(
      asked,
      409,
      'last_administrator',
      'You are the last Super Admin: make somebody else one first.',
    )
  log.info({ event: `account.${how}`, account: account.id, by: account.id }, `an account was ${how}`)
  mailer?.post({ to: account.email, ...letters.closed(siteOf(config), how) })
  await signOut(asked, parts)
  return seeOther(asked, `/login?reason=account_${how}`)
}

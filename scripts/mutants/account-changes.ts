import type { Mutant } from './mutant.ts'

const source = 'packages/server/src'
const account = ['packages/server/test/mail/account.test.ts'] as const

/** Accounts that the wrong person changes, and sessions that outlive a change. */
export const accountChangeMutants: readonly Mutant[] = [
  {
    name: 'step-up-late-by-a-millisecond',
    file: `${source}/routes/step-up.ts`,
    find: 'maxAge: config.stepUp',
    replace: 'maxAge: config.stepUp + 1',
    why: 'whoever finds a browser open would change its person’s password',
    tests: account,
  },
  {
    name: 'actor-changes-credentials',
    file: `${source}/routes/step-up.ts`,
    find: 'if (session.actor !== null)',
    replace: 'if (session.actor === undefined)',
    why: 'an administrator who helps somebody would take their account over',
    tests: account,
  },
  {
    name: 'current-password-not-asked',
    file: `${source}/routes/account-password.ts`,
    find: "    if (tried.state === 'wrong') return page(asked, parts, wrong, 403)\n",
    replace: '',
    why: 'a fresh session alone would take the account over for good',
    tests: account,
  },
  {
    name: 'changed-session-keeps-its-token',
    file: `${source}/change-credential.ts`,
    find: 'if (current !== null) await session.renew()',
    replace: '',
    why: 'the browser that made a change would be signed out by it',
    tests: account,
  },
  {
    name: 'change-leaves-links',
    file: `${source}/change-credential.ts`,
    find: '  await links.revoke(account.id)\n',
    replace: '',
    why: 'a link that a thief holds would outlive the new password',
    tests: account,
  },
  {
    name: 'new-address-tells-who-has-an-account',
    file: `${source}/accounts/ask-email-change.ts`,
    find: 'if (holder === undefined)',
    replace: 'if (true)',
    why: 'the holder of an address would be asked to give it away',
    tests: account,
  },
  {
    name: 'old-address-not-told',
    file: `${source}/accounts/ask-email-change.ts`,
    find: "  mailer?.post({ to: account.email, ...letters.emailAsked(site, pageAt(config, '/login/reset')) })\n",
    replace: '',
    why: 'a thief would move the account to another address unnoticed',
    tests: account,
  },
  {
    name: 'anybody-confirms-an-address',
    file: `${source}/routes/account-email.ts`,
    find: 'seen?.account === account.id ? await',
    replace: 'seen ? await',
    why: 'whoever gets a link would put its address on their own account',
    tests: account,
  },
  {
    name: 'deleted-account-keeps-sessions',
    file: `${source}/accounts/delete-account.ts`,
    find: "  await sessions.end({ subject: id }, 'account_disabled', by)\n",
    replace: '',
    why: 'the sessions of an account that is gone would be live',
    tests: account,
  },
]

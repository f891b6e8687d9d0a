import type { Mutant } from './mutant.ts'

const source = 'packages/server/src'
const superAdmins = ['packages/server/test/accounts/super-admins.test.ts'] as const
const users = ['packages/server/test/accounts/users.test.ts'] as const

/** Faults in what administrators do with accounts. */
export const accountMutants: readonly Mutant[] = [
  {
    name: 'last-administrator-leaves',
    file: `${source}/accounts/super-admins.ts`,
    find: '    if (there.length === 1 && there[0]?.id === id) return false\n',
    replace: '',
    why: 'a server would be left with nobody who may administer it',
    tests: superAdmins,
  },
  {
    name: 'disabled-administrator-counts',
    file: `${source}/accounts/super-admins.ts`,
    find: "      .where('disabled_at', 'is', null)\n",
    replace: '',
    why: 'the last one who can sign in could leave, since another exists who cannot',
    tests: superAdmins,
  },
  {
    name: 'administrators-leave-without-waiting-for-each-other',
    file: `${source}/accounts/super-admins.ts`,
    find: ".updateTable('accounts')\n      .set(({ ref }) => ({ roles: ref('roles') }))\n      .where('roles', 'like', '%\"super-admin\"%')\n      .where('disabled_at', 'is', null)\n      .returning('id')",
    replace:
      ".selectFrom('accounts')\n      .select('id')\n      .where('roles', 'like', '%\"super-admin\"%')\n      .where('disabled_at', 'is', null)",
    why: 'two who leave at the same moment on PostgreSQL would each see the other stay',
    tests: superAdmins,
  },
  {
    name: 'other-roles-keep-sessions',
    file: `${source}/accounts/change-roles.ts`,
    find: "  await sessions.end({ subject: id }, 'policy_changed', by)\n",
    replace: '',
    why: 'sessions would go on under the policy and the privileges of roles that were taken away',
    tests: users,
  },
  {
    name: 'wildcards-in-a-search-for-people',
    file: `${source}/accounts/list-accounts.ts`,
    find: 'text.replaceAll(/[\\\\%_]/g, String.raw`\\$&`)',
    replace: 'text',
    why: 'a search for a percent sign would find everybody',
    tests: users,
  },
  {
    name: 'a-page-of-people-skips-one',
    file: `${source}/accounts/list-accounts.ts`,
    find: '? accounts.at(-1) : undefined',
    replace: '? rows.map(accountOf).at(-1) : undefined',
    why: 'somebody would stand on no page of the list',
    tests: users,
  },
  {
    name: 'access-changed-without-a-fresh-sign-in',
    file: `${source}/routes/nova-user-access.ts`,
    find: '  const refused = refuseSensitive(asked, parts, placeOf(account))\n  if (refused !== undefined) return refused\n',
    replace: '',
    why: 'whoever finds an administrator’s browser open could make themselves one',
    tests: users,
  },
]

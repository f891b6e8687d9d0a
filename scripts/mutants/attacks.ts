import type { Mutant } from './mutant.ts'

const source = 'packages/server/src'
const zeroBytes = ['packages/server/test/zero-bytes.test.ts'] as const
const underWay = ['packages/server/test/webhooks/while-under-way.test.ts'] as const
const claims = ['packages/server/test/webhooks/claim.test.ts'] as const
const jobs = ['packages/server/test/jobs/sqlite.test.ts'] as const
const live = ['packages/server/test/live/live.test.ts'] as const
const signIns = ['packages/server/test/accounts/sign-in-under-way.test.ts'] as const
const addresses = ['packages/server/test/lti/address-of-another.test.ts'] as const
const introspection = ['packages/server/test/keys/sqlite.test.ts'] as const

/** What attackers, unlucky people and clocks that are wrong have done to the server. */
export const attackMutants: readonly Mutant[] = [
  {
    name: 'attack-zero-byte-in-address',
    file: `${source}/request-guards.ts`,
    find: "const inAddress = asked.req.url.includes('%00')",
    replace: 'const inAddress = false',
    why: 'an address with a zero byte would fail in PostgreSQL with a status of our fault',
    tests: zeroBytes,
  },
  {
    name: 'attack-zero-byte-in-form',
    file: `${source}/request-guards.ts`,
    find: 'form: /%00|\\0/',
    replace: 'form: /\\0/',
    why: 'a sign-in with a zero byte would fail in PostgreSQL with a status of our fault',
    tests: zeroBytes,
  },
  {
    name: 'attack-five-letters-refused',
    file: `${source}/request-guards.ts`,
    find: '(?<!\\\\)(?:\\\\\\\\)*\\\\u0000',
    replace: 'u0000',
    why: 'a text that only writes of a zero byte would be refused',
    tests: zeroBytes,
  },
  {
    name: 'attack-zero-byte-with-a-key',
    file: `${source}/app.ts`,
    find: '    refused ??\n    refuseContentType(asked, route) ??\n    (await refuseZeroBytes(asked, route)) ??',
    replace: '    refused ??\n    refuseContentType(asked, route) ??',
    why: 'a program could bring a zero byte',
    tests: zeroBytes,
  },
  {
    name: 'attack-dead-letter-rises',
    file: `${source}/webhooks/deliver.ts`,
    find: "    .where('state', '=', 'due')\n",
    replace: '',
    why: 'what was under way to an endpoint would be sent again and again after it was disabled',
    tests: underWay,
  },
  {
    name: 'attack-disabled-endpoint-is-told',
    file: `${source}/webhooks/claim.ts`,
    find: "    .where('webhooks.disabled_at', 'is', null)\n",
    replace: '',
    why: 'an endpoint would hear of what was written down as it was disabled',
    tests: claims,
  },
  {
    name: 'attack-delivery-held-for-a-year',
    file: `${source}/webhooks/claim.ts`,
    find: "or([eb('held_until', '<', now), eb('held_until', '>', now + mostAhead)])",
    replace: "or([eb('held_until', '<', now)])",
    why: 'a delivery that a clock which was wrong has claimed would wait for as long as it was wrong',
    tests: claims,
  },
  {
    name: 'attack-endpoint-rests-for-a-year',
    file: `${source}/webhooks/claim.ts`,
    find: "or([eb('webhooks.retry_at', '<=', now), eb('webhooks.retry_at', '>', ahead)])",
    replace: "or([eb('webhooks.retry_at', '<=', now)])",
    why: 'an endpoint that failed while the clock was wrong would hear nothing for as long as it was wrong',
    tests: claims,
  },
  {
    name: 'attack-lease-for-a-year',
    file: `${source}/jobs/lease.ts`,
    find: "eb('jobs.held_until', '<', now), eb('jobs.held_until', '>', now + lasts + apart)",
    replace: "eb('jobs.held_until', '<', now)",
    why: 'one moment of a wrong clock would stop a job on all nodes',
    tests: jobs,
  },
  {
    name: 'attack-secret-told-twice',
    file: `${source}/webhooks/webhooks.ts`,
    find: "      .where('secret', '=', row.secret)\n",
    replace: '',
    why: 'of two administrators one would be told a secret that never signs',
    tests: claims,
  },
  {
    name: 'attack-stream-for-nobody',
    file: `${source}/routes/api-admin-events.ts`,
    find: "asked.req.method === 'HEAD'",
    replace: "asked.req.method === 'TRACE'",
    why: 'four requests would keep a person from live events for as long as they are signed in',
    tests: live,
  },
  {
    name: 'attack-sign-in-by-former-roles',
    file: `${source}/begin-session.ts`,
    find: 'now.roles.join() === roles.join()',
    replace: 'true',
    why: 'a sign-in under way would go on under the policy of roles that were taken away, or get new ones without a sign-in',
    tests: signIns,
  },
  {
    name: 'attack-shared-with-a-stranger',
    file: `${source}/accounts/prove-address.ts`,
    find: '(await integrationSubjects.leave(id))',
    replace: 'false',
    why: 'somebody who let an integration say another one’s address would share their account for good',
    tests: addresses,
  },
  {
    name: 'attack-stranger-stays-signed-in',
    file: `${source}/accounts/prove-address.ts`,
    find: "    await sessions.end({ subject: id }, 'credential_changed')\n",
    replace: '',
    why: 'their session would live on beside the owner’s',
    tests: addresses,
  },
  {
    name: 'attack-stranger-keeps-a-passkey',
    file: `${source}/accounts/prove-address.ts`,
    find: '    await factors.passkeys.removeAll(id)\n',
    replace: '',
    why: 'a passkey that they had added meanwhile would open the account',
    tests: addresses,
  },
  {
    name: 'attack-joined-by-hand-is-left',
    file: `${source}/integrations/integration-subjects.ts`,
    find: "      .where('account_id', '=', account)\n      .where('created', '=', 1)\n      .executeTakeFirst()\n    return numDeletedRows",
    replace: "      .where('account_id', '=', account)\n      .executeTakeFirst()\n    return numDeletedRows",
    why: 'what a Super Admin has joined would come apart by a new password',
    tests: addresses,
  },
  {
    name: 'attack-address-that-is-none',
    file: `${source}/routes/api-introspect.ts`,
    find: '(read.output.ip !== undefined && isIP(read.output.ip) === 0)',
    replace: 'false',
    why: 'anything would stand in events as the address of a person',
    tests: introspection,
  },
]

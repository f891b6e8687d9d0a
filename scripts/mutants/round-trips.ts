import type { Mutant } from './mutant.ts'

const source = 'packages/server/src'
const tests = 'packages/server/test'
const crossing = [`${tests}/round-trips/cross-site.test.ts`] as const
const launches = [`${tests}/lti/launch.test.ts`] as const
const refusals = [`${tests}/lti/launch-refusals.test.ts`] as const
const replays = [`${tests}/saml/replay.test.ts`] as const
const signIns = [`${tests}/saml/sign-in.test.ts`] as const

/** Sign-ins that come back from another site twice, late, or into somebody else’s browser. */
export const roundTripMutants: readonly Mutant[] = [
  {
    name: 'other-site-posts-anywhere',
    file: `${source}/open-sessions.ts`,
    find: 'acceptCrossSite: takesFromElsewhere',
    replace: 'acceptCrossSite: () => true',
    why: 'any site could sign people out, or in as somebody else',
    tests: crossing,
  },
  {
    name: 'other-site-posts-beneath',
    file: `${source}/routes/index.ts`,
    find: "'[\\\\w-]+')}$`)",
    replace: "'.+')}`)",
    why: 'an address that only looks like one that takes forms of other sites would take them',
    tests: crossing,
  },
  {
    name: 'state-of-another-browser',
    file: `${source}/round-trips/round-trips.ts`,
    find: "            .where('browser', '=', digest(browser))\n",
    replace: '',
    why: 'somebody could have another’s browser signed in as themselves',
    tests: refusals,
  },
  {
    name: 'state-used-twice',
    file: `${source}/round-trips/round-trips.ts`,
    find: "            .where('used_at', 'is', null)\n",
    replace: '',
    why: 'an answer that was seen would open the account again',
    tests: refusals,
  },
  {
    name: 'state-of-another-integration',
    file: `${source}/round-trips/round-trips.ts`,
    find: "            .where('integration', '=', integration)\n            .where('browser'",
    replace: "            .where('browser'",
    why: 'one platform could answer for another',
    tests: refusals,
  },
  {
    name: 'state-late',
    file: `${source}/round-trips/round-trips.ts`,
    find: "            .where('expires_at', '>=', now)\n            .where('used_at'",
    replace: "            .where('used_at'",
    why: 'a browser that was left open would be signed in hours later',
    tests: refusals,
  },
  {
    name: 'assertion-taken-twice',
    file: `${source}/round-trips/round-trips.ts`,
    find: 'return first.length === 1',
    replace: 'return true',
    why: 'an assertion of a sign-in that began at the provider could be replayed',
    tests: replays,
  },
  {
    name: 'former-session-left',
    file: `${source}/routes/round-trip.ts`,
    find: "await sessions.end({ id: former }, 'replaced_at_login')",
    replace: 'await Promise.resolve(sessions)',
    why: 'a session that nobody holds any more would stay open',
    tests: launches,
  },
  {
    name: 'distrust-costs-nothing',
    file: `${source}/routes/round-trip.ts`,
    find: '    return distrusted(asked, parts, integration, error, came)\n',
    replace:
      '    await parts.lockout.giveBack([taken])\n    return distrusted(asked, parts, integration, error, came)\n',
    why: 'forgeries could be tried without end',
    tests: launches,
  },
  {
    name: 'departures-not-counted',
    file: `${source}/round-trips/departure-limit.ts`,
    find: 'const free = 300',
    replace: 'const free = 3_000_000',
    why: 'anybody could fill the table of round trips',
    tests: launches,
  },
  {
    name: 'closed-integration-vouches',
    file: `${source}/integrations/integrations.ts`,
    find: 'return found?.kind === kind && found.enabled ? found : undefined',
    replace: 'return found?.kind === kind ? found : undefined',
    why: 'whoever has lost an administrator’s trust would go on letting people in',
    tests: [...launches, ...signIns],
  },
]

import type { Mutant } from './mutant.ts'

const source = 'packages/server/src'
const tests = 'packages/server/test'
const refusals = [`${tests}/lti/launch-refusals.test.ts`] as const
const targets = [`${tests}/lti/launch-target.test.ts`] as const
const keys = [`${tests}/lti/platform-keys.test.ts`] as const

/** Launches of a learning platform, believed without what makes them true. */
export const ltiMutants: readonly Mutant[] = [
  {
    name: 'nonce-not-checked',
    file: `${source}/lti/read-launch.ts`,
    find: "payload['nonce'] !== proof.nonce",
    replace: "payload['nonce'] === undefined",
    why: 'a stolen token could be put into a sign-in of one’s own',
    tests: refusals,
  },
  {
    name: 'launch-for-anybody',
    file: `${source}/lti/read-launch.ts`,
    find: '      audience: clientId,\n',
    replace: '',
    why: 'a token that the platform gave to another tool would open accounts here',
    tests: refusals,
  },
  {
    name: 'launch-of-anybody',
    file: `${source}/lti/read-launch.ts`,
    find: '      issuer,\n      audience',
    replace: '      audience',
    why: 'another platform that shares a keyset could answer',
    tests: refusals,
  },
  {
    name: 'azp-not-checked',
    file: `${source}/lti/read-launch.ts`,
    find: '  refuseOtherParty(settings, payload)\n',
    replace: '',
    why: 'a token for several tools would be good from any of them',
    tests: refusals,
  },
  {
    name: 'any-algorithm',
    file: `${source}/lti/read-launch.ts`,
    find: '      algorithms,\n',
    replace: '',
    why: 'what the platform never signs with would be let through to the look for a key',
    tests: refusals,
  },
  {
    name: 'any-deployment',
    file: `${source}/lti/read-launch.ts`,
    find: '!settings.deploymentIds.includes(deployment)',
    replace: "deployment === ''",
    why: 'another school on the same platform would let its people in',
    tests: refusals,
  },
  {
    name: 'old-token',
    file: `${source}/lti/read-launch.ts`,
    find: '      maxTokenAge: longestTokenAge,\n',
    replace: '',
    why: 'a token that was made long ago would be believed',
    tests: refusals,
  },
  {
    name: 'launch-anywhere',
    file: `${source}/lti/launch-target.ts`,
    find: 'if (targets.some((target) => matches(target, pathname))) return path',
    replace: 'return path',
    why: 'a platform could lead people to what the administrator did not allow',
    tests: targets,
  },
  {
    name: 'launch-to-another-origin',
    file: `${source}/lti/launch-target.ts`,
    find: 'url?.origin === origin ?',
    replace: 'url !== undefined ?',
    why: 'an address of another site would count as one of ours',
    tests: targets,
  },
  {
    name: 'keys-asked-for-every-token',
    file: `${source}/lti/platform-keys.ts`,
    find: 'if (!isStrange || !this.#mayAsk(platform)) throw error',
    replace: 'if (!isStrange) throw error',
    why: 'anybody could have this server hammer a platform',
    tests: keys,
  },
  {
    name: 'keys-kept-for-ever',
    file: `${source}/lti/platform-keys.ts`,
    find: 'good !== undefined && this.#age(good.fetchedAt) <= keysLast',
    replace: 'good !== undefined',
    why: 'a key that the platform has taken away would be believed until the next start',
    tests: keys,
  },
  {
    name: 'keys-of-elsewhere',
    file: `${source}/lti/platform-keys.ts`,
    find: "redirect: 'error'",
    replace: "redirect: 'follow'",
    why: 'the server could be led to ask addresses that no administrator gave',
    tests: keys,
  },
  {
    name: 'keys-without-end',
    file: `${source}/lti/platform-keys.ts`,
    find: "    if (text.length > mostBytes) throw new Error('more than a set of keys weighs')\n",
    replace: '',
    why: 'a platform could fill the memory',
    tests: keys,
  },
]

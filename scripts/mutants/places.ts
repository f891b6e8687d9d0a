import type { Mutant } from './mutant.ts'

const source = 'packages/server/src'
const tests = 'packages/server/test'
const files = [`${tests}/places/place-file.test.ts`] as const
const watching = [`${tests}/places/watched-file.test.ts`] as const
const overHttp = [`${tests}/places/sqlite.test.ts`] as const
const lookups = [`${tests}/places/lookup.test.ts`] as const

/** Places that are told wrongly, or at the cost of whoever asks; and what a sign-in and a form carry. */
export const placeMutants: readonly Mutant[] = [
  {
    name: 'place-by-registration',
    file: `${source}/places/place-file.ts`,
    find: 'countryOf(read.output.country?.iso_code)',
    replace:
      'countryOf(read.output.country?.iso_code ?? (read.output["registered_country"] as { iso_code?: string } | undefined)?.iso_code)',
    why: 'a person would be told that somebody signed in where only a provider is registered',
    tests: files,
  },
  {
    name: 'place-of-mapped-address',
    file: `${source}/places/plain-address.ts`,
    find: 'if (high === undefined || low === undefined) return plain',
    replace: 'if (plain.length > 0) return plain',
    why: 'an IPv4 address in the clothes of IPv6 would be unknown, or of nowhere local',
    tests: files,
  },
  {
    name: 'place-local-is-looked-up',
    file: `${source}/places/places.ts`,
    find: 'return isLocal(address) ? localPlace : find(address)',
    replace: 'return find(address)',
    why: 'a careless file would move the own network to another country',
    tests: overHttp,
  },
  {
    name: 'place-file-cut-off',
    file: `${source}/places/place-file.ts`,
    find: "  if (searchTreeSize + separator >= bytes.length) throw new Error('it is cut off')\n",
    replace: '',
    why: 'a file whose tree is longer than itself would be read as if it were whole',
    tests: files,
  },
  {
    name: 'place-file-read-at-first-sight',
    file: `${source}/places/watched-file.ts`,
    find: '!isSettled || ',
    replace: '',
    why: 'a file would be read while somebody still writes it',
    tests: watching,
  },
  {
    name: 'place-file-refused-often',
    file: `${source}/places/watched-file.ts`,
    find: '      if (refused === seen) return\n',
    replace: '',
    why: 'a file that is gone would fill the log',
    tests: watching,
  },
  {
    name: 'place-header-of-anybody',
    file: `${source}/places/hear-place.ts`,
    find: 'const address = networkAddress(asked, parts)',
    replace: "const address = networkAddress(asked, parts) ?? '203.0.113.1'",
    why: 'whoever reaches the server past its proxy would say where others are',
    tests: overHttp,
  },
  {
    name: 'place-header-without-proxy',
    file: `${source}/config.ts`,
    find: "if (config.geo?.kind === 'header' && config.trustProxy === 0)",
    replace: "if (config.geo?.kind === 'header' && config.trustProxy > 16)",
    why: 'a server without a proxy would believe a header that anybody sends',
    tests: lookups,
  },
  {
    name: 'place-look-up-fails-the-page',
    file: `${source}/places/ask-lookup.ts`,
    find: '        if (!late.signal.aborted) failed(error)\n',
    replace: '        throw error\n',
    why: 'a look-up that is down would take the list of sessions with it',
    tests: lookups,
  },
  {
    name: 'place-look-up-waits-for-good',
    file: `${source}/places/ask-lookup.ts`,
    find: 'await Promise.race([all, isLate.promise])',
    replace: 'await all',
    why: 'a look-up that hangs would hang every list of sessions',
    tests: lookups,
  },
  {
    name: 'place-look-up-logged-each-time',
    file: `${source}/places/places.ts`,
    find: '    if (this.#hasFailed) return\n',
    replace: '',
    why: 'a look-up that is down would fill the log',
    tests: lookups,
  },
  {
    name: 'country-searched-without-file',
    file: `${source}/filter/read-filter.ts`,
    find: 'if (asksCountry && countryNow === undefined)',
    replace: 'if (asksCountry && text === "")',
    why: 'a search by a country that nobody can tell would fail, or match what nobody meant',
    tests: overHttp,
  },
  {
    name: 'country-matches-all',
    file: `${source}/filter/compile-filter.ts`,
    find: 'checks.push(({ ip }) => countryAt(ip) === term.value)',
    replace: "checks.push(({ ip }) => countryAt(ip) !== '')",
    why: 'an end of all sessions of one country would end those of every other',
    tests: overHttp,
  },
  {
    name: 'second-level-without-mfa',
    file: `${source}/factors/factor-proof.ts`,
    find: "assurance === 2 ? ['otp', 'mfa'] : ['otp']",
    replace: "['otp']",
    why: 'an application that asks for mfa would ask somebody who has shown two factors again',
    tests: [`${tests}/sign-in/sqlite.test.ts`],
  },
  {
    name: 'launch-of-another-type',
    file: `${source}/lti/read-launch.ts`,
    find: '    refuseOtherType(protectedHeader.typ)\n',
    replace: '',
    why: 'what a platform signs for something else could sign somebody in',
    tests: [`${tests}/lti/tokens.test.ts`],
  },
  {
    name: 'form-token-of-any-session',
    file: 'packages/sojourn/src/engine/form-token.ts',
    find: 'form/v1:${id}:${salt}',
    replace: 'form/v1:${id.slice(22)}:${salt}',
    why: 'a form that somebody made in their own session would do in another’s',
    tests: ['packages/sojourn/test/web/form-token.test.ts'],
  },
  {
    name: 'form-token-without-secret',
    file: 'packages/sojourn/src/engine/form-token.ts',
    find: 'if (pepper.isKeyless)',
    replace: 'if (pepper.key === "")',
    why: 'anybody who has seen a session id could make the token of its forms',
    tests: ['packages/sojourn/test/web/form-token.test.ts'],
  },
]

import type { Mutant } from './mutant.ts'

const web = 'packages/sojourn/src/web'
const tests = 'packages/sojourn/test'

/** Requests that are believed too easily, and answers that leave too much or too early. */
export const webMutants: readonly Mutant[] = [
  {
    name: 'same-site-trusted',
    file: `${web}/csrf.ts`,
    find: `return site === 'same-origin'`,
    replace: `return site === 'same-origin' || site === 'same-site'`,
    why: 'a page on a sibling subdomain could act as the visitor',
    tests: [`${tests}/web/csrf.test.ts`],
  },
  {
    name: 'origin-not-compared',
    file: `${web}/csrf.ts`,
    find: 'return claimed === origin',
    replace: `return claimed !== 'null'`,
    why: 'a page of any site could act as the visitor of an old browser',
    tests: [`${tests}/web/csrf.test.ts`],
  },
  {
    name: 'cookie-without-http-only',
    file: `${web}/cookie.ts`,
    find: '; HttpOnly; SameSite',
    replace: '; SameSite',
    why: 'a script in the page could read the token',
    tests: [`${tests}/web/cookie.test.ts`],
  },
  {
    name: 'cookie-without-secure',
    file: `${web}/cookie.ts`,
    find: `isSecure(policy) ? '; Secure' : ''`,
    replace: `''`,
    why: 'the token would travel in clear',
    tests: [`${tests}/web/cookie.test.ts`],
  },
  {
    name: 'cookie-of-another-name',
    file: `${web}/cookie.ts`,
    find: ` || !startsCookie(header, at)`,
    replace: '',
    why: 'a cookie whose name ends like ours would be taken for ours',
    tests: [`${tests}/web/cookie.test.ts`],
  },
  {
    name: 'return-to-another-host',
    file: `${web}/return-to.ts`,
    find: `return path.startsWith('//') ? undefined : path`,
    replace: 'return path',
    why: 'a link to the login page could lead on to somebody else (/..//evil)',
    tests: [`${tests}/web/return-to.test.ts`],
  },
  {
    name: 'return-to-double-slash',
    file: `${web}/return-to.ts`,
    find: `  if (!/^\\/(?![/\\\\])/.test(wanted) || /[\\p{Cc}\\\\]/u.test(wanted)) return undefined`,
    replace: `  if (wanted.startsWith('//')) return wanted`,
    why: 'a link to the login page could lead on to somebody else (//evil)',
    tests: [`${tests}/web/return-to.test.ts`],
  },
  {
    name: 'nearest-proxy-not-believed',
    file: `${web}/origin.ts`,
    find: 'entries?.[Math.max(0, entries.length - count)]',
    replace: 'entries?.[0]',
    why: 'a client could choose the address that it is known by',
    tests: [`${tests}/web/origin.test.ts`],
  },
  {
    name: 'answer-before-save',
    file: 'packages/sojourn/src/adapters/holdable-response.ts',
    find: 'await this.#save?.()',
    replace: 'void this.#save?.()',
    why: 'the next page could be asked for before the login is in the store',
    tests: [`${tests}/adapters/holdable-response.test.ts`, `${tests}/adapters/express.test.ts`],
  },
  {
    name: 'unknown-options-ignored',
    file: `${web}/refuse-unknown-options.ts`,
    find: `throw invalidOption(key, \`an option (\${alike(key)})\`, key)`,
    replace: 'continue',
    why: 'an application that mistypes `secret` would run without one, and never hear of it',
    tests: [`${tests}/web/unknown-options.test.ts`],
  },
  {
    name: 'policy-options-beside-the-policy',
    file: `${web}/refuse-unknown-options.ts`,
    find: 'if (Object.hasOwn(policyOptions, key))',
    replace: 'if (Object.hasOwn(policyOptions, key)) continue\n    if (Object.hasOwn(policyOptions, key))',
    why: 'an idle timeout that does not stand in the policy would hold for nobody',
    tests: [`${tests}/web/unknown-options.test.ts`],
  },
]

import type { Mutant } from './mutant.ts'

const source = 'packages/sojourn/src'
const tests = 'packages/sojourn/test'

/** Sessions that are trusted with more than was proven in them. */
export const judgementMutants: readonly Mutant[] = [
  {
    name: 'stale-login-fresh',
    file: `${source}/core/assurance.ts`,
    find: 'now > provenAt + need.maxAge',
    replace: 'now > provenAt + need.maxAge + 1',
    why: 'something sensitive would be done on a login that is too old for it',
    tests: [`${tests}/core/assurance.test.ts`],
  },
  {
    name: 'caution-forgotten',
    file: `${source}/core/assurance.ts`,
    find: ' || caution !== null',
    replace: '',
    why: 'another browser with the same cookie could change the password',
    tests: [`${tests}/core/assurance.test.ts`],
  },
  {
    name: 'impersonation-nested',
    file: `${source}/core/impersonation.ts`,
    find: `if (actor.actor !== null) return 'nested'`,
    replace: '',
    why: 'support that acts as one person could go on as another, and the trail would break',
    tests: [`${tests}/core/impersonation.test.ts`],
  },
  {
    name: 'impersonation-above',
    file: `${source}/core/impersonation.ts`,
    find: 'target.roles.every(mayActAs)',
    replace: 'target.roles.some(mayActAs)',
    why: 'support could act as an administrator',
    tests: [`${tests}/core/impersonation.test.ts`],
  },
  {
    name: 'reset-spares-a-session',
    file: `${source}/core/credential-change.ts`,
    find: `how === 'reset' || `,
    replace: '',
    why: 'whoever asks for a reset would keep the session that they have stolen',
    tests: [`${tests}/core/credential-change.test.ts`],
  },
  {
    name: 'form-timer-of-the-first-page',
    file: `${source}/core/form.ts`,
    find: 'state.answeredAt + formTimeout',
    replace: 'state.startedAt + formTimeout',
    why: 'all pages of a form would share the time of one',
    tests: [`${tests}/core/form.test.ts`],
  },
  {
    name: 'visitor-outlives-logout',
    file: `${source}/core/visitor.ts`,
    find: 'return !isLogout(ended) || issuedAt > ended.at',
    replace: 'return true',
    why: 'the next person at the machine would be the same visitor',
    tests: [`${tests}/core/visitor.test.ts`],
  },
]

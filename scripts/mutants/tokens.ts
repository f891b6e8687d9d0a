import type { Mutant } from './mutant.ts'

const source = 'packages/sojourn/src'
const tests = 'packages/sojourn/test'
const onStores = [`${tests}/stores/memory.test.ts`, `${tests}/stores/sqlite/contract.test.ts`] as const

/** Tokens that open too much, too long, or lie in the store for whoever reads it. */
export const tokenMutants: readonly Mutant[] = [
  {
    name: 'regenerate-without-comparing',
    file: `${source}/stores/memory-store.ts`,
    find: `if (found.secretHash !== from) return 'lost'`,
    replace: '',
    why: 'of two requests that replace a token, both would win, and one browser be out',
    tests: [`${tests}/stores/memory.test.ts`],
  },
  {
    name: 'regeneration-grace-slides',
    file: `${source}/core/rules/regeneration.ts`,
    find: 'now <= session.regeneratedAt + regenerationGrace',
    replace: 'now <= session.lastSeenAt + regenerationGrace',
    why: 'whoever keeps using a stolen token would never be out of the grace period',
    tests: [`${tests}/engine/regeneration.test.ts`, `${tests}/model/agreement.isolated.test.ts`],
  },
  {
    name: 'regeneration-grace-excluded',
    file: `${source}/core/rules/regeneration.ts`,
    find: 'now <= session.regeneratedAt + regenerationGrace',
    replace: 'now < session.regeneratedAt + regenerationGrace',
    why: 'the grace period would be a millisecond short',
    tests: [`${tests}/core/regeneration.test.ts`],
  },
  {
    name: 'previous-token-for-ever',
    file: `${source}/core/rules/regeneration.ts`,
    find: `'grace' : 'reused'`,
    replace: `'grace' : 'lost_response'`,
    why: 'a copy of a replaced token would open the session as long as it lives',
    tests: [`${tests}/core/regeneration.test.ts`, `${tests}/engine/regeneration.test.ts`],
  },
  {
    name: 'regenerated-late',
    file: `${source}/core/rules/regeneration.ts`,
    find: 'now > session.regeneratedAt + regenerateEvery',
    replace: 'now > session.regeneratedAt + regenerateEvery + 1',
    why: 'a token would be used longer than the policy says',
    tests: [`${tests}/core/regeneration.test.ts`],
  },
  {
    name: 'secret-stored-raw',
    file: `${source}/engine/pepper.ts`,
    find: `hash('sha256', \`\${pepper.key}\${label}/v1:\${secret}\`, 'base64url')`,
    replace: 'secret',
    why: 'whoever reads the store would have every session in it',
    tests: [`${tests}/engine/secret.test.ts`, `${tests}/engine/tokens.test.ts`],
  },
  {
    name: 'hash-without-pepper',
    file: `${source}/engine/pepper.ts`,
    find: `\`\${pepper.key}\${label}/v1:`,
    replace: `\`\${label}/v1:`,
    why: 'whoever writes to the store could make a token',
    tests: [`${tests}/engine/pepper.test.ts`],
  },
  {
    name: 'every-secret-equal',
    file: `${source}/engine/pepper.ts`,
    find: 'return difference === 0',
    replace: 'return true',
    why: 'the public id alone would open a session',
    tests: [`${tests}/engine/tokens.test.ts`],
  },
  {
    name: 'token-shows-itself',
    file: `${source}/engine/token.ts`,
    find: `toJSON(): string {
    return this.toString()`,
    replace: `toJSON(): string {
    return this.reveal()`,
    why: 'a token would stand in whatever log it is written to',
    tests: [`${tests}/engine/tokens.test.ts`],
  },
  {
    name: 'stale-hash-for-ever',
    file: `${source}/engine/verify.ts`,
    find: 'isStale: !isUnder(peppers[0], secretHash)',
    replace: 'isStale: false',
    why: 'no hash would come under the new pepper, and all sessions be lost once the old one goes',
    tests: [`${tests}/engine/secret.test.ts`, `${tests}/engine/pepper.test.ts`],
  },
  {
    name: 'half-a-surrogate-pair-is-somebody',
    file: `${source}/engine/prepare.ts`,
    find: ' && subject.isWellFormed()',
    replace: '',
    why: 'stores that keep text as UTF-8 would take two people for one',
    tests: [`${tests}/engine/login.test.ts`],
  },
  {
    name: 'realm-not-checked',
    file: `${source}/engine/verify.ts`,
    find: 'found === undefined || found.session.realm !== context.realm\n',
    replace: 'found === undefined\n',
    why: 'a session of one realm would open another',
    tests: [`${tests}/engine/login.test.ts`],
  },
  {
    name: 'stored-confirmation-forgotten',
    file: `${source}/stores/memory-store.ts`,
    find: 'confirmed: found.confirmed || confirm === secretHash',
    replace: 'confirmed: found.confirmed',
    why: 'reuse of a replaced token would never be known for one',
    tests: onStores,
  },
]

import type { Mutant } from './mutant.ts'

const source = 'packages/sojourn/src/stores'
const tests = 'packages/sojourn/test/stores'

/** Look-ups in PostgreSQL and Redis that read less than they must. */
export const realStoreMutants: readonly Mutant[] = [
  {
    name: 'postgres-watermark-of-its-moment',
    file: `${source}/postgres-sql/find.ts`,
    find: 'v.at >= s.${c.createdAt}',
    replace: 'v.at > s.${c.createdAt}',
    why: 'a session of the very moment of a watermark would go on',
    tests: [`${tests}/postgres/contract.isolated.test.ts`, `${tests}/postgres/agreement.isolated.test.ts`],
  },
  {
    name: 'postgres-watermark-of-a-realm',
    file: `${source}/postgres-sql/find.ts`,
    find: "${isOlder('v.subject IS NULL')} OR ",
    replace: '',
    why: 'an end of a whole realm would leave everybody in',
    tests: [`${tests}/postgres/contract.isolated.test.ts`],
  },
  {
    name: 'postgres-migration-without-end',
    file: `${source}/postgres-steps.ts`,
    find: 'await this.#inTime(this.#prepared())',
    replace: 'await this.#prepared()',
    why: 'a node that stands still in a migration would keep all others waiting without a word',
    tests: [`${tests}/postgres/start.isolated.test.ts`],
  },
  {
    name: 'redis-watermark-of-a-realm',
    file: `${source}/redis-lua/session-verbs.ts`,
    find: '#T + 6 + scope + length',
    replace: '#T + 5 + scope + length',
    why: 'an end of a whole realm would leave everybody in',
    tests: [`${tests}/redis/contract.isolated.test.ts`],
  },
  {
    name: 'redis-numbers-rounded',
    file: `${source}/redis-lua/record.ts`,
    find: "type(value) == 'number' and num(value) or cjson.encode(value)",
    replace: 'cjson.encode(value)',
    why: 'a moment of more than 14 digits would become another',
    tests: [`${tests}/redis/data.isolated.test.ts`],
  },
]

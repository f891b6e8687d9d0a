import type { Mutant } from './mutant.ts'

const source = 'packages/sojourn/src'
const tests = 'packages/sojourn/test'
const limits = `${tests}/engine/limits.test.ts`
const onStores = [`${tests}/stores/memory.test.ts`, `${tests}/stores/sqlite/contract.test.ts`] as const

/** Limits that let too many in, or put the wrong ones out. */
export const limitMutants: readonly Mutant[] = [
  {
    name: 'limit-one-too-many',
    file: `${source}/stores/admit.ts`,
    find: 'siblings.length + 1 - limit.most',
    replace: 'siblings.length - limit.most',
    why: 'everybody would have one session more than they may',
    tests: [...onStores, limits],
  },
  {
    name: 'only-one-evicted',
    file: `${source}/stores/admit.ts`,
    find: 'siblings.slice(0, excess)',
    replace: 'siblings.slice(0, 1)',
    why: 'a limit that was lowered would never be reached',
    tests: [...onStores, limits],
  },
  {
    name: 'limit-counts-the-expired',
    file: `${source}/core/session.ts`,
    find: 'actor === null && isLive(session, at)',
    replace: 'actor === null',
    why: 'sessions that are over would keep their owner out',
    tests: [...onStores, limits],
  },
  {
    name: 'limit-counts-support',
    file: `${source}/core/session.ts`,
    find: 'actor === null && isLive(session, at)',
    replace: 'isLive(session, at)',
    why: 'support that acts as somebody would put them out',
    tests: [...onStores, limits],
  },
  {
    name: 'limit-counts-the-void',
    file: `${source}/stores/admit.ts`,
    find: 'watermark === null && counts(session, at)',
    replace: 'counts(session, at)',
    why: 'sessions that a watermark has ended would keep their owner out',
    tests: [...onStores, limits],
  },
  {
    name: 'newest-evicted',
    file: `${source}/core/by-unseen.ts`,
    find: 'a.lastSeenAt - b.lastSeenAt',
    replace: 'b.lastSeenAt - a.lastSeenAt',
    why: 'the session in use would go in place of the forgotten one',
    tests: [...onStores, limits],
  },
  {
    name: 'refusal-evicts',
    file: `${source}/stores/admit.ts`,
    find: `excess === 0 || limit.onExceed === 'evict'`,
    replace: 'excess >= 0',
    why: 'a limit that should refuse would end a session instead',
    tests: [...onStores, limits],
  },
  {
    name: 'closed-subject-let-in',
    file: `${source}/core/admit.ts`,
    find: `if (limit === 0) return { may: 'closed' }`,
    replace: '',
    why: 'a subject who may have no session would get one',
    tests: [`${tests}/core/admit.test.ts`, limits],
  },
]

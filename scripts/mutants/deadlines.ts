import type { Mutant } from './mutant.ts'

const core = 'packages/sojourn/src/core'
const tests = 'packages/sojourn/test'
const onStores = [`${tests}/stores/memory.test.ts`, `${tests}/stores/sqlite/contract.test.ts`] as const

/** Sessions that end early, late, or as of another moment. */
export const deadlineMutants: readonly Mutant[] = [
  {
    name: 'deadline-excluded',
    file: `${core}/decide.ts`,
    find: 'now <= at ||',
    replace: 'now < at ||',
    why: 'a session would be over at its very deadline, idle or absolute',
    tests: [`${tests}/core/idle-timeout.test.ts`, `${tests}/core/absolute-timeout.test.ts`],
  },
  {
    name: 'idle-deadline-late',
    file: `${core}/rules/idle-timeout.ts`,
    find: 'seenAt + allowed',
    replace: 'seenAt + allowed + 1',
    why: 'a session would stand a millisecond after its idle timeout',
    tests: [`${tests}/core/idle-timeout.test.ts`],
  },
  {
    name: 'absolute-deadline-late',
    file: `${core}/rules/absolute-timeout.ts`,
    find: 'from + policy.absoluteTimeout',
    replace: 'from + policy.absoluteTimeout + 1',
    why: 'a policy that tightens would end a session a millisecond late',
    tests: [`${tests}/core/absolute-timeout.test.ts`],
  },
  {
    name: 'absolute-timeout-slides',
    file: `${core}/rules/absolute-timeout.ts`,
    find: 'createdAt : Math.max(createdAt, authenticatedAt)',
    replace: 'createdAt : authenticatedAt',
    why: 'a restored session would be over before it began',
    tests: [`${tests}/core/absolute-timeout.test.ts`, `${tests}/core/decide.test.ts`],
  },
  {
    name: 'stored-deadline-excluded',
    file: `${core}/session.ts`,
    find: 'at <= deadline',
    replace: 'at < deadline',
    why: 'a store would take a session for over at its very deadline',
    tests: onStores,
  },
  {
    name: 'stored-lag-ignored',
    file: `${core}/session.ts`,
    find: 'session.lastSeenAt + session.lag + idleTimeout',
    replace: 'session.lastSeenAt + idleTimeout',
    why: 'a sweep would end sessions whose last use is not written yet',
    tests: onStores,
  },
  {
    name: 'decided-lag-ignored',
    file: `${core}/decide.ts`,
    find: `const recorded = session.lastSeenAt + session.lag`,
    replace: 'const recorded = session.lastSeenAt',
    why: 'another node would end a session that is in use on this one',
    tests: [`${tests}/core/idle-timeout.test.ts`, `${tests}/engine/touches.test.ts`],
  },
  {
    name: 'passive-extends',
    file: `${core}/decide.ts`,
    find: 'const active = !request.passive',
    replace: 'const active = true',
    why: 'a page that polls would keep its session for ever',
    tests: [`${tests}/core/idle-timeout.test.ts`, `${tests}/engine/timeouts.test.ts`],
  },
  {
    name: 'later-deadline-wins',
    file: `${core}/decide.ts`,
    find: ' || (endedAt !== null && at >= endedAt)',
    replace: '',
    why: 'the reason would depend on the order of the rules, and a sweep would say another one',
    tests: [`${tests}/core/decide.test.ts`, `${tests}/core/decide.property.test.ts`],
  },
  {
    name: 'watermark-tie-open',
    file: `${core}/rules/not-before.ts`,
    find: 'session.createdAt <= watermark.at',
    replace: 'session.createdAt < watermark.at',
    why: 'a session of the very millisecond of a watermark would stand',
    tests: [`${tests}/core/not-before.test.ts`],
  },
  {
    name: 'stored-watermark-tie-open',
    file: `${core}/over.ts`,
    find: 'session.createdAt <= watermark.at',
    replace: 'session.createdAt < watermark.at',
    why: 'a store would let a session of the very millisecond of a watermark stand',
    tests: onStores,
  },
  {
    name: 'sweep-stamps-now',
    file: `${core}/over.ts`,
    find: 'at > deadline ? { at: deadline,',
    replace: 'at > deadline ? { at,',
    why: 'a session would have ended when somebody looked, and not when it was over',
    tests: onStores,
  },
  {
    name: 'end-in-the-future',
    file: `${core}/over.ts`,
    find: 'Math.min(watermark.at, at)',
    replace: 'watermark.at',
    why: 'a node whose clock is fast would make others write ends that are still to come',
    tests: onStores,
  },
]

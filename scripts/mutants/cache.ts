import type { Mutant } from './mutant.ts'

const lease = 'packages/sojourn/src/stores/feed-lease.ts'
const reads = 'packages/sojourn/src/stores/cache-reads.ts'
const entries = 'packages/sojourn/src/stores/cache-entries.ts'
const store = 'packages/sojourn/src/stores/cached-store.ts'
const tests = 'packages/sojourn/test/stores/cached'

/** A cache in front of a store: records that are answered for too long, or that come back after their end. */
export const cacheMutants: readonly Mutant[] = [
  {
    name: 'cache-answers-one-moment-too-long',
    file: reads,
    find: 'if (freshness < staleness) {',
    replace: 'if (freshness <= staleness) {',
    why: 'an answer at the bound itself would come from memory',
    tests: [`${tests}/bound.test.ts`],
  },
  {
    name: 'cache-does-not-look-at-its-lease',
    file: reads,
    find: 'Math.min(sinceLoaded, this.#lease.age())',
    replace: '0',
    why: 'a feed that is cut would cost no reads, and a session that was revoked would stay active',
    tests: [`${tests}/bound.test.ts`],
  },
  {
    name: 'cache-trusts-the-clock-on-the-wall',
    file: 'packages/sojourn/src/stores/timing.ts',
    find: 'Math.max(timing.elapsed() - moment.elapsed, timing.now() - moment.now)',
    replace: 'timing.now() - moment.now',
    why: 'a clock that is set back by an hour would keep what was revoked active for as long',
    tests: [`${tests}/bound.test.ts`],
  },
  {
    name: 'cache-trusts-the-steady-clock',
    file: 'packages/sojourn/src/stores/timing.ts',
    find: 'Math.max(timing.elapsed() - moment.elapsed, timing.now() - moment.now)',
    replace: 'timing.elapsed() - moment.elapsed',
    why: 'a machine that slept would answer as before',
    tests: [`${tests}/bound.test.ts`],
  },
  {
    name: 'cache-lease-counts-from-the-answer',
    file: lease,
    find: 'if (isAll) this.#heard = begun',
    replace: 'if (isAll) this.#heard = momentOf(this.#timing)',
    why: 'what was committed while the answer was on its way would be late by that time',
    tests: [`${tests}/revocations.isolated.test.ts`],
  },
  {
    name: 'cache-lease-from-a-part',
    file: lease,
    find: 'if (isAll) this.#heard = begun',
    replace: 'this.#heard = begun',
    why: 'one page of many would count as all of it',
    tests: [`${tests}/races.test.ts`],
  },
  {
    name: 'cache-goes-on-after-a-gap',
    file: lease,
    find: 'if (gap) this.#listener.missed()',
    replace: '',
    why: 'what ended in the gap would stay active',
    tests: [`${tests}/races.test.ts`],
  },
  {
    name: 'cache-keeps-what-was-spoiled',
    file: reads,
    find: 'if (!load.spoiled && (kept',
    replace: 'if ((kept',
    why: 'a record that was read before an end was heard of would be kept after it',
    tests: [`${tests}/races.test.ts`],
  },
  {
    name: 'cache-hands-on-what-came-too-late',
    file: reads,
    find: 'if (ageOf(load.begun, timing) >= staleness) {',
    replace: 'if (ageOf(load.begun, timing) === Infinity) {',
    why: 'an answer that was on its way for longer than the bound would open a session that ended meanwhile',
    tests: [`${tests}/races.test.ts`],
  },
  {
    name: 'cache-keeps-what-it-ended',
    file: store,
    find: '        this.#ended(ended)\n        // A store',
    replace: '        // A store',
    why: 'what stands below what this node ended would be active here until the feed tells of it',
    tests: [`${tests}/races.test.ts`],
  },
  {
    name: 'cache-believes-the-second-try',
    file: store,
    find: 'this.#reads.forgetMatching(which)',
    replace: '',
    why: 'what a first try ended, whose answer was lost, would be active here until the feed tells of it',
    tests: [`${tests}/races.test.ts`],
  },
  {
    name: 'cache-ends-one-below-and-no-further',
    file: entries,
    find: 'if (found.session.parent === root) roots.add(each)',
    replace: 'if (found.session.parent === root) this.remove(each)',
    why: 'the session below the one below would be active until the feed tells of it',
    tests: [`${tests}/races.test.ts`],
  },
  {
    name: 'cache-keeps-what-a-watermark-covers',
    file: store,
    find: '{ answered: forget, failed: forget })',
    replace: '{ answered: () => {}, failed: forget })',
    why: 'whoever changed a password would leave the other sessions open on this node',
    tests: [`${tests}/races.test.ts`],
  },
  {
    name: 'cache-takes-a-fresh-question-for-any',
    file: reads,
    find: 'if (how?.fresh === true) return this.#load(id, how)',
    replace: '',
    why: 'a password would be changed by somebody whose session ended a second ago',
    tests: [`${tests}/bound.test.ts`, 'packages/sojourn/test/engine/cached-nodes.test.ts'],
  },
]

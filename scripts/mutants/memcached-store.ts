import type { Mutant } from './mutant.ts'

const stores = 'packages/sojourn/src/stores'
const tests = 'packages/sojourn/test/stores/memcached'
const lost = `${tests}/lost.isolated.test.ts`
const contract = `${tests}/contract.isolated.test.ts`
const trouble = `${tests}/trouble.isolated.test.ts`

/** Records that may vanish one by one, and nodes that know of each other by compare-and-swap alone. */
export const memcachedStoreMutants: readonly Mutant[] = [
  {
    name: 'memcached-refused-swap-counts',
    file: `${stores}/memcached-records.ts`,
    find: "return said !== false && !(typeof said === 'string' && refusals.test(said))",
    replace: "return said !== false || !(typeof said === 'string' && refusals.test(said))",
    why: 'of two nodes that change a subject at once, one would lose what it was told is done',
    tests: [contract],
  },
  {
    name: 'memcached-eras-are-alike',
    file: `${stores}/memcached-index.ts`,
    find: '{ era: randomUUID(), lists: [], marks: [] }',
    replace: "{ era: '', lists: [], marks: [] }",
    why: 'with the watermarks of a realm, Memcached would let go of what keeps the revoked out',
    tests: [lost],
  },
  {
    name: 'memcached-believes-what-it-remembers',
    file: `${stores}/memcached-books.ts`,
    find: 'const key = this.#index.noted(id, place?.value)',
    replace: 'const key = known ?? this.#index.noted(id, place?.value)',
    why: 'a session that no other node finds, so that nobody could end it, would live on one',
    tests: [lost],
  },
  {
    name: 'memcached-list-begun-anew-is-complete',
    file: `${stores}/memcached-index.ts`,
    find: 'books: [], isIncomplete: isKnown }',
    replace: 'books: [], isIncomplete: false }',
    why: 'an end of all would spare those whose list was lost',
    tests: [lost],
  },
  {
    name: 'memcached-lost-list-is-complete',
    file: `${stores}/memcached-index.ts`,
    find: 'list !== undefined && !list.isIncomplete',
    replace: 'list === undefined || !list.isIncomplete',
    why: 'a watermark would go before all that it covers is marked',
    tests: [lost],
  },
  {
    name: 'memcached-watermark-goes-unswept',
    file: `${stores}/memcached-sweeper.ts`,
    find: 'of === undefined && isComplete && !total.more',
    replace: 'of === undefined && !total.more',
    why: 'those whom no sweep came to would live again once the watermark is gone',
    tests: [lost],
  },
  {
    name: 'memcached-below-is-not-looked-up',
    file: `${stores}/memcached-trees.ts`,
    find: 'await this.settle(book, id, seen)',
    replace: '',
    why: 'whoever acts as another would go on after the own session ended',
    tests: [lost, contract],
  },
  {
    name: 'memcached-orphans-live',
    file: `${stores}/memcached-trees.ts`,
    find: 'for (const below of descendantsOf(book, [lodger.id])) book.table.remove(below)',
    replace: '',
    why: 'a session would live on below one of which nobody knows whether it was revoked',
    tests: [lost],
  },
  {
    name: 'memcached-one-id-in-two-books',
    file: `${stores}/memcached-entrances.ts`,
    find: 'if (!(await this.#confirm(session.id, key))) {',
    replace: 'if ((await this.#confirm(session.id, key)) && key === "") {',
    why: 'one id would stand for sessions of two subjects',
    tests: [contract],
  },
  {
    name: 'memcached-waits-for-ever',
    file: `${stores}/memcached-records.ts`,
    find: 'timer.after(patience, ',
    replace: 'timer.after(patience + 1, ',
    why: 'every request would hang as long as a server does',
    tests: [trouble],
  },
  {
    name: 'memcached-the-living-make-room',
    file: `${stores}/memcached-book.ts`,
    find: '(detailed?.moment ?? Infinity) < bare.moment ? detailed : bare',
    replace: 'detailed === undefined ? [...this.table.rows.values()][0] : detailed',
    why: 'a login would sign out others without a word, and without a limit',
    tests: [trouble],
  },
]

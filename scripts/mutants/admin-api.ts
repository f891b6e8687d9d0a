import type { Mutant } from './mutant.ts'

const source = 'packages/server/src'
const tests = 'packages/server/test'
const parse = [`${tests}/filter/parse-filter.test.ts`] as const
const compile = [`${tests}/filter/compile-filter.test.ts`] as const
const overHttp = [`${tests}/admin-api/sqlite.test.ts`] as const
const page = [`${tests}/admin-api/nova-search.test.ts`] as const
const document = [`${tests}/api/openapi.test.ts`] as const

/** Filters that keep whom nobody meant, ends without a bound, plans that are applied to another policy, an API that is not what it says. */
export const adminApiMutants: readonly Mutant[] = [
  {
    name: 'filter-twice-the-same-field',
    file: `${source}/filter/parse-filter.ts`,
    find: 'if (seen.has(once)) throw',
    replace: 'if (seen.has(once) && text.length > 500) throw',
    why: 'of two conditions on one field the first would be lost, and more sessions end than were meant',
    tests: parse,
  },
  {
    name: 'filter-moment-without-zone',
    file: `${source}/filter/filter-value.ts`,
    find: '(?:Z|[+-]\\d\\d:\\d\\d)$/',
    replace: '(?:Z|[+-]\\d\\d:\\d\\d)?$/',
    why: 'a moment would mean another one on each server',
    tests: parse,
  },
  {
    name: 'filter-last-seen-at-the-limit',
    file: `${source}/filter/compile-filter.ts`,
    find: "which.unseenSince = term.comparison === '<' ? at - 1 : at",
    replace: 'which.unseenSince = at',
    why: 'before a moment would hold at the moment',
    tests: compile,
  },
  {
    name: 'filter-pending-is-active',
    file: `${source}/filter/compile-filter.ts`,
    find: "if (state === 'active') return ({ activatedAt }) => activatedAt !== null",
    replace: "if (state === 'active') return undefined",
    why: 'who waits for a second factor would be listed as signed in',
    tests: compile,
  },
  {
    name: 'filter-past-knows-later-ends',
    file: `${source}/filter/compile-filter.ts`,
    find: 'const ended = session.endedAt !== null && session.endedAt > at',
    replace: 'const ended = session.endedAt !== null && session.endedAt > at + 1',
    why: 'a session that ended since would be missing from the view of the past',
    tests: compile,
  },
  {
    name: 'filter-page-begins-anew',
    file: `${source}/filter/filtered-page.ts`,
    find: 'if (!isAfter(session, place)) continue',
    replace: '',
    why: 'each page would show the first matches again',
    tests: compile,
  },
  {
    name: 'filter-looks-at-everything',
    file: `${source}/filter/filtered-page.ts`,
    find: '&& lookedAt < bound) continue',
    replace: ') continue',
    why: 'a filter that keeps nobody would go through millions of rows for one answer',
    tests: compile,
  },
  {
    name: 'ends-more-than-expected',
    file: `${source}/filter/end-matching.ts`,
    find: 'if (ids.length > most || !complete)',
    replace: 'if (ids.length > most + 1_000 || !complete)',
    why: 'who signed in after the count would be ended too',
    tests: overHttp,
  },
  {
    name: 'ends-what-was-seen-meanwhile',
    file: `${source}/filter/end-matching.ts`,
    find: '  await sessions.flush()\n',
    replace: '',
    why: 'what this node has seen and not written yet would end as unseen',
    tests: overHttp,
  },
  {
    name: 'ends-without-a-note',
    file: `${source}/routes/nova-end-matching.ts`,
    find: 'count: ended, matched, note })',
    replace: "count: ended, matched, note: '' })",
    why: 'nobody would find in the log why many were ended',
    tests: page,
  },
  {
    name: 'plan-unsigned',
    file: `${source}/plans/plan.ts`,
    find: "if (!isOurs || more.length > 0) return { state: 'forged' }",
    replace: "if (mac === '') return { state: 'forged' }",
    why: 'anybody could write a plan that nobody has tried',
    tests: overHttp,
  },
  {
    name: 'plan-one-millisecond-too-long',
    file: `${source}/plans/plan.ts`,
    find: 'now > read.output.expiresAt',
    replace: 'now > read.output.expiresAt + 1',
    why: 'a plan would be good beyond its time',
    tests: overHttp,
  },
  {
    name: 'plan-onto-another-policy',
    file: `${source}/settings/change-settings.ts`,
    find: 'if (onto !== undefined && onto.digest',
    replace: "if (onto?.digest === '' && onto.digest",
    why: 'a plan would be applied to a policy that it was not tried on',
    tests: overHttp,
  },
  {
    name: 'denied-logins-without-end',
    file: `${source}/denied/denied-logins.ts`,
    find: 'if (beyond.length > 0) await',
    replace: 'if (beyond.length > 1_000) await',
    why: 'who tries again and again would fill the table',
    tests: overHttp,
  },
  {
    name: 'denied-logins-kept-too-long',
    file: `${source}/denied/denied-logins.ts`,
    find: "      .where('at', '<', this.#clock.now() - deniedKept.for)",
    replace: "      .where('at', '<', this.#clock.now() - deniedKept.for - 1)",
    why: 'what is about people would be kept beyond its time',
    tests: overHttp,
  },
  {
    name: 'document-forgets-a-route',
    file: `${source}/api/openapi.ts`,
    find: 'if (route.api === undefined) continue',
    replace: "if (route.api === undefined || route.method === 'DELETE') continue",
    why: 'programs would not learn of an address',
    tests: document,
  },
  {
    name: 'answer-not-as-described',
    file: `${source}/api/session-schemas.ts`,
    find: '  cursor: nullable(string()),\n',
    replace: '',
    why: 'the document would not tell of what is answered, and no test would see it',
    tests: document,
  },
]

import type { Mutant } from './mutant.ts'

const source = 'packages/sojourn/src/client'
const tests = 'packages/sojourn/test/client'
const counting = [`${tests}/countdown.test.ts`, `${tests}/watch.test.ts`] as const
const watching = [`${tests}/watch.test.ts`] as const

/** A page that leaves too soon, too late or for nothing, and tabs that do not agree. */
export const browserMutants: readonly Mutant[] = [
  {
    name: 'countdown-early-by-a-millisecond',
    file: `${source}/countdown.ts`,
    find: "now > deadline) return 'due'",
    replace: "now >= deadline) return 'due'",
    why: 'a session is valid at its deadline',
    tests: counting,
  },
  {
    name: 'countdown-by-own-clock',
    file: `${source}/countdown.ts`,
    find: 'ahead: expiry.now - at',
    replace: 'ahead: 0',
    why: 'a computer whose clock is wrong would leave too soon or never',
    tests: counting,
  },
  {
    name: 'overtaken-answer-holds',
    file: `${source}/countdown.ts`,
    find: 'if (known !== undefined && expiry.now < known.expiry.now) return known',
    replace: '',
    why: 'an answer that was held up would bring an old deadline back',
    tests: counting,
  },
  {
    name: 'absolute-end-forgotten',
    file: `${source}/countdown.ts`,
    find: 'return Math.min(idle, absolute)',
    replace: 'return idle',
    why: 'the page would promise more time than the session has',
    tests: counting,
  },
  {
    name: 'client-leaves-unasked',
    file: `${source}/watch.ts`,
    find: 'if (this.#asking === undefined && (asks(',
    replace:
      "if (asks(this.#countdown, now)) return this.#end({ kind: 'ended', reason: 'idle_timeout' })\n    if (this.#asking === undefined && (asks(",
    why: 'another device may have extended the session',
    tests: watching,
  },
  {
    name: 'sleep-not-noticed',
    file: `${source}/watch.ts`,
    find: 'if (Math.abs(drift - this.#drift) > jump)',
    replace: 'if (jump < 0)',
    why: 'after a sleep or a set clock the page would count from a wrong moment',
    tests: watching,
  },
  {
    name: 'looking-extends',
    file: `${source}/watch.ts`,
    find: "'X-Session-Activity': 'passive'",
    replace: "'X-Session-Activity': 'active'",
    why: 'an open page would keep its session alive by asking',
    tests: watching,
  },
  {
    name: 'tab-believed',
    file: `${source}/watch.ts`,
    find: "if (message.kind === 'look') void this.look(message.reason)",
    replace: "if (message.kind === 'look') this.#end({ kind: 'ended', reason: message.reason ?? '' })",
    why: 'what a tab claims is not what the server says',
    tests: watching,
  },
  {
    name: 'page-left-to-the-next',
    file: `${source}/watch.ts`,
    find: "if (state === 'active' && subject !== this.#options.subject) this.#end({ kind: 'replaced' })\n    else if",
    replace: 'if',
    why: 'the next person would find the page of the one before',
    tests: watching,
  },
  {
    name: 'failure-believed',
    file: `${source}/watch.ts`,
    find: 'if (!answer.ok) throw new Error(`status ${answer.status}`)',
    replace: "if (!answer.ok) return this.#end({ kind: 'ended', reason: 'login_required' })",
    why: 'a server that is down would sign everybody out',
    tests: watching,
  },
  {
    name: 'stays-only-here',
    file: `${source}/watch.ts`,
    find: 'if (after.idle !== before.idle || after.absolute !== before.absolute) this.#post(at)',
    replace: '',
    why: 'the other tabs would go on warning',
    tests: watching,
  },
  {
    name: 'retried-for-ever',
    file: `${source}/refresh.ts`,
    find: 'return told(await parts.fetch(request), parts)',
    replace: 'return sessionFetch(parts)(request)',
    why: 'a request would be sent without end',
    tests: [`${tests}/refresh.test.ts`],
  },
  {
    name: 'retried-without-body',
    file: `${source}/refresh.ts`,
    find: 'await parts.fetch(request.clone())',
    replace: 'await parts.fetch(request)',
    why: 'what was posted would be lost',
    tests: [`${tests}/refresh.test.ts`],
  },
  {
    name: 'step-up-ends-the-page',
    file: `${source}/refresh.ts`,
    find: "refusal.reason !== 'retry' && signedOut.has(refusal.error)",
    replace: "refusal.reason !== 'retry'",
    why: 'whoever is asked for a newer login is still signed in',
    tests: [`${tests}/refresh.test.ts`],
  },
]

import type { Mutant } from './mutant.ts'

const source = 'packages/server/src'
const tests = 'packages/server/test'
const crawl = [`${tests}/crawl/crawl.test.ts`] as const

/** Secrets that get out of the server. */
export const leakMutants: readonly Mutant[] = [
  {
    name: 'leak-log-line',
    file: `${source}/routes/login.ts`,
    find: "tellFailedSignIn(parts, 'password', { ip: address, why: signed.state })",
    replace:
      "tellFailedSignIn(parts, 'password', { ip: address, why: signed.state, tried: field('password') })",
    why: 'passwords would stand in the log',
    tests: crawl,
  },
  {
    name: 'leak-metric-label',
    file: `${source}/telemetry/follow-request.ts`,
    find: "route: trail.route ?? 'none'",
    replace: "route: request.url ?? 'none'",
    why: 'tokens of links would be labels of metrics',
    tests: crawl,
  },
  {
    name: 'leak-header',
    file: `${source}/access.ts`,
    find: '  const { session } = asked.var\n  if (session.subject === null) return\n',
    replace:
      "  const { session } = asked.var\n  asked.header('X-Debug', (asked.req.header('cookie') ?? '').slice(-43))\n  if (session.subject === null) return\n",
    why: 'session tokens would stand in a header of answers',
    tests: crawl,
  },
  {
    name: 'leak-webhook',
    file: `${source}/webhooks/standard-message.ts`,
    find: 'JSON.stringify({',
    replace: 'JSON.stringify({ secrets,',
    why: 'a webhook would carry the secret that signs it',
    tests: crawl,
  },
  {
    name: 'leak-span',
    file: `${source}/telemetry/follow-request.ts`,
    find: "tracer?.startSpan(request.method ?? 'GET'",
    replace: "tracer?.startSpan(request.url ?? 'GET'",
    why: 'what stands in an address would stand in traces',
    tests: crawl,
  },
  {
    name: 'leak-key-list',
    file: `${source}/keys/api-keys.ts`,
    find: '      secret_hash: hashKey(secret),\n      previous_hash: null,',
    replace: '      secret_hash: hashKey(secret),\n      previous_hash: secret.text,',
    why: 'the database would keep API keys as they are',
    tests: crawl,
  },
]

import assert from 'node:assert/strict'
import { createSessions, type Sessions, type SessionsOptions } from '../../src/create-sessions.ts'
import { memory } from '../../src/stores/memory.ts'
import { StoreUnderTest } from '../../src/testing/adapter-contract/store-under-test.ts'
import { FakeClock } from '../../src/testing/clock.ts'
import { isReply, openVisit } from '../../src/web/open.ts'
import type { Visit } from '../../src/web/visit.ts'
import { AnExchange } from './an-exchange.ts'

export interface Contents {
  readonly [key: string]: unknown
  readonly count: number
  readonly cart: readonly string[]
}

export interface House {
  readonly auth: Sessions<Contents>
  readonly store: StoreUnderTest
  readonly clock: FakeClock
  /** A request with the cookie that the one before was given. */
  next(headers?: { readonly [name: string]: string }): Promise<Visit<Contents>>
  /** Ends a request: what a browser would keep. */
  finish(visit: Visit<Contents>): Promise<void>
}

/** A site over memory, asked by one browser. */
export function house(options: Partial<SessionsOptions> = {}): House {
  const store = new StoreUnderTest(memory())
  const clock = new FakeClock()
  const auth = createSessions<Contents>({
    store: store.store,
    clock,
    sweepEvery: null,
    onWarning: () => {},
    ...options,
  })
  const jar = new Map<string, string>()
  const exchanges = new Map<Visit<Contents>, AnExchange>()
  return {
    auth,
    store,
    clock,
    async next(headers = {}) {
      const exchange = new AnExchange({
        cookie: [...jar.values()].join('; '),
        'user-agent': 'a browser',
        ...headers,
      })
      const visit = await openVisit<Contents>(auth, auth.web, exchange, () => {})
      assert.ok(!isReply(visit))
      exchanges.set(visit, exchange)
      return visit
    },
    async finish(visit) {
      await visit.finish()
      for (const line of exchanges.get(visit)?.answered('Set-Cookie') ?? [])
        jar.set(line.split('=')[0] ?? '', line.split(';')[0] ?? '')
    },
  }
}

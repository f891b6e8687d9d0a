import { createHash } from 'node:crypto'
import type { RequestFacts } from '../../src/core/session.ts'
import type { Store } from '../../src/core/store.ts'
import { createEngine } from '../../src/engine/index.ts'
import type { EngineOptions, Shape } from '../../src/engine/context.ts'
import type { SessionEvent } from '../../src/engine/events.ts'
import type { Started, StartInput } from '../../src/engine/start.ts'
import type { Random, Token } from '../../src/engine/token.ts'
import { memory } from '../../src/stores/memory.ts'
import { sqlite } from '../../src/stores/sqlite.ts'
import { FakeClock } from '../../src/testing/clock.ts'
import { start } from '../../src/testing/fixtures.ts'

export const secret = 'an install secret of thirty-two characters'
export const browser = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

/** The stores that the engine's main tests run on. */
export const stores: readonly (readonly [name: string, open: () => Store])[] = [
  ['memory', () => memory()],
  ['sqlite', () => sqlite(':memory:')],
]

/** Bytes that look like chance and are the same in every run. */
export function seeded(seed: string): Random {
  let counter = 0
  return (size) => createHash('sha256').update(`${seed}/${counter++}`).digest().subarray(0, size)
}

let made = 0

export interface Options<D extends object = Shape> extends Partial<EngineOptions<D>> {
  readonly clock?: FakeClock
}

/** An engine over memory with a clock that stands still, that records its events, and words for what a test asks. */
export function anEngine<D extends object = Shape>(options: Options<D> = {}) {
  const { clock = new FakeClock(start), store = memory() } = options
  const events: SessionEvent[] = []
  const errors: unknown[] = []
  const engine = createEngine<D>({
    secret,
    sweepEvery: null,
    random: seeded(`engine ${made++}`),
    onEvent: (event) => void events.push(event),
    onError: (error) => void errors.push(error),
    ...options,
    clock,
    store,
  })
  const ask = async (token: Token | string, request: Partial<RequestFacts> = {}) => {
    const presented = typeof token === 'string' ? token : token.reveal()
    return engine.verify(presented, { userAgent: browser, ip: '203.0.113.7', passive: false, ...request })
  }
  return {
    engine,
    clock,
    store,
    events,
    errors,
    ask,
    /** `active`, the reason of the end, or why there is no session. */
    async state({ token }: Pick<Started, 'token'>, request: Partial<RequestFacts> = {}): Promise<string> {
      const found = await ask(token, request)
      return found.state === 'ended' ? found.reason : found.state === 'none' ? found.cause : found.state
    },
    login: (subject = 'u-1', input: StartInput = {}) =>
      engine.start({ subject, request: { userAgent: browser, ip: '203.0.113.7' }, ...input }),
    guest: (input: StartInput = {}) =>
      engine.start({ request: { userAgent: browser, ip: '203.0.113.7' }, ...input }),
    /** The subject's live sessions, newest first. */
    async live(subject: string | null = 'u-1') {
      return (await engine.list({ subject })).items
    },
    /** Ids and reasons of the `session.ended` events so far. */
    ended: () =>
      events.flatMap((event) => (event.type === 'session.ended' ? [[event.session.id, event.reason]] : [])),
  }
}

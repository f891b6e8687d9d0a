import { randomBytes } from 'node:crypto'
import { invalidOption, SessionError } from '../core/errors.ts'
import type { PolicyInput } from '../core/layers.ts'
import type { PolicyValues } from '../core/policy.ts'
import type { EndReason, Instant, Session } from '../core/session.ts'
import type { Awaitable, Store } from '../core/store.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Listener, SessionEvent } from './events.ts'
import { type Pepper, peppersOf } from './pepper.ts'
import { Policies } from './policies.ts'
import { callStore } from './store-call.ts'
import type { Random } from './token.ts'
import { Touches } from './touches.ts'

export interface EngineOptions {
  readonly store: Store
  /** A preset's name, or a layer; `stay-logged-in` if left out. */
  readonly policy?: PolicyInput
  /** The space that the sessions belong to; `main` if left out. Engines with different realms may share a store. */
  readonly realm?: string
  /**
   * The install's secret, at least 32 characters; `[current, previous]` while it is being replaced. It keys the hashes that
   * the store keeps, so that whoever can write to the store still cannot make a token.
   */
  readonly secret?: string | readonly string[]
  /** A subject's own layer, such as an individual limit; asked at login. */
  readonly subjectPolicy?: (subject: string) => Awaitable<PolicyValues | undefined>
  /** Hears of everything that happens. What it throws goes to `onError`. */
  readonly onEvent?: Listener
  /** Hears of faults that no request waits for, such as a touch that could not be written. Standard error if left out. */
  readonly onError?: (error: unknown) => void
  /** How often the expired are marked and the old are purged; `null`: only when `sweep()` is called. `'1m'` if left out. */
  readonly sweepEvery?: number | null
  readonly clock?: Clock
  readonly random?: Random
}

/** What every verb of the engine works with. */
export interface Context {
  readonly store: Store
  readonly realm: string
  readonly clock: Clock
  readonly random: Random
  readonly peppers: readonly [Pepper, ...Pepper[]]
  readonly policies: Policies
  readonly touches: Touches
  readonly subjectPolicy: (subject: string) => Awaitable<PolicyValues | undefined>
  readonly call: <T>(call: (store: Store) => Awaitable<T>) => Awaitable<T>
  readonly tell: (event: SessionEvent) => void
  readonly report: (error: unknown) => void
}

export function createContext(options: EngineOptions): Context {
  const { store, realm = 'main', clock = systemClock, random = randomBytes } = options
  if (typeof store?.find !== 'function')
    // The value is not shown: it may be a database's address with its password.
    throw invalidOption('store', "a store, such as memory() of 'sojourn/stores/memory'", {})
  if (!/^[\w.-]{1,64}$/.test(realm))
    throw invalidOption('realm', "1 to 64 letters, digits, '_', '.' or '-'", realm)
  const policies = new Policies(options.policy ?? 'stay-logged-in')
  refuseDeclined(store, policies)
  refuseGuessable(options, policies)
  const report = options.onError ?? reportToStandardError
  const { storeTimeout } = policies.base
  const call: Context['call'] = (run) => callStore(clock, storeTimeout, () => run(store))
  return {
    store,
    realm,
    clock,
    random,
    peppers: peppersOf(options.secret),
    policies,
    touches: new Touches(clock, (entries) => attempt(() => call((to) => to.touch(entries)), report)),
    subjectPolicy: options.subjectPolicy ?? (() => undefined),
    call,
    tell(event) {
      try {
        const heard: unknown = options.onEvent?.(event)
        if (heard instanceof Promise) heard.catch(report)
      } catch (error) {
        report(error)
      }
    },
    report,
  }
}

/** Runs what no request waits for; a fault is reported, not thrown. */
export async function attempt(
  run: () => Awaitable<unknown>,
  report: (error: unknown) => void,
): Promise<void> {
  try {
    await run()
  } catch (error) {
    report(error)
  }
}

/** Tells of sessions that a step of the store has ended. */
export function tellEnded({ tell, touches }: Context, ended: readonly Session[], at: Instant): void {
  for (const session of ended) {
    touches.forget(session.id)
    tell({
      type: 'session.ended',
      at,
      session,
      reason: session.endReason ?? ('maintenance' satisfies EndReason),
    })
  }
}

function refuseDeclined(store: Store, { named }: Policies): void {
  const reason = store.declines?.['exact-limits']
  if (reason !== undefined && named.some(({ limit }) => limit !== 'unlimited'))
    throw new SessionError(
      'store_declines',
      `policy.limit: the ${store.name} store does not keep exact limits (${reason}); choose another store, or limit: 'unlimited'`,
    )
}

/** A token's successor is derived from it: without a secret, whoever had copied the one could make the other. */
function refuseGuessable({ secret }: EngineOptions, { named }: Policies): void {
  const every = named.find(({ regenerateEvery }) => regenerateEvery !== null)?.regenerateEvery
  if (secret === undefined && every !== undefined)
    throw invalidOption('secret', "the install's secret, since policy.regenerateEvery is set", secret)
}

function reportToStandardError(error: unknown): void {
  process.stderr.write(`sojourn: ${error instanceof Error ? error.message : String(error)}\n`)
}

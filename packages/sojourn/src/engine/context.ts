import { randomBytes } from 'node:crypto'
import { invalidOption, SessionError } from '../core/errors.ts'
import { dangerouslyAllowLongForms } from '../core/form.ts'
import type { PolicyInput } from '../core/layers.ts'
import { checkMergeRules, mergeData, type MergeRules } from '../core/merge.ts'
import type { PolicyValues } from '../core/policy.ts'
import type { Data, EndReason, Instant, Session } from '../core/session.ts'
import type { Awaitable, Store } from '../core/store.ts'
import { type Clock, systemClock } from './clock.ts'
import { type Listener, type SessionEvent, teller } from './events.ts'
import { OncePerSession } from './once-per-session.ts'
import { type Pepper, peppersOf } from './pepper.ts'
import { Policies } from './policies.ts'
import { callStore, finderOf } from './store-call.ts'
import type { Random } from './token.ts'
import { Touches } from './touches.ts'

/** What an application keeps in a session, by key; `D` elsewhere. */
export type Shape = { readonly [key: string]: unknown }

export interface EngineOptions<D extends object = Shape> {
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
  /** The integration that created a subject, such as a referring site: whose layer of the policy it gets. Asked at login. */
  readonly subjectIntegration?: (subject: string) => Awaitable<string | undefined>
  /**
   * What becomes of a guest's data at login, by key: `{ cart: 'union' }`. Keys without a rule are the guest's, where none
   * was given at login.
   */
  readonly merge?: MergeRules<D>
  /** Hear of everything that happens, in this order. What one throws goes to `onError`. */
  readonly onEvent?: Listener | readonly Listener[]
  /** Hears of faults that no request waits for, such as a touch that could not be written. Standard error if left out. */
  readonly onError?: (error: unknown) => void
  /** How often the expired are marked and the old are purged; `null`: only when `sweep()` is called. `'1m'` if left out. */
  readonly sweepEvery?: number | null
  readonly clock?: Clock
  readonly random?: Random
  readonly [dangerouslyAllowLongForms]?: true
}

/** What every verb of the engine works with. */
export interface Context {
  readonly store: Store
  readonly realm: string
  readonly clock: Clock
  readonly random: Random
  readonly peppers: readonly [Pepper, ...Pepper[]]
  /** Read it anew at every use: `applyPolicy` puts others in its place. */
  policies: Policies
  /** Policies that would take their place, where they fit with what else is configured. */
  readonly readPolicy: (input: PolicyInput) => Policies
  readonly touches: Touches
  /** What was told of live sessions, so that it is told once. */
  readonly told: { readonly cautions: OncePerSession; readonly addresses: OncePerSession }
  /** Names this engine where several runners share a job. */
  readonly runner: string
  readonly subjectPolicy: (subject: string) => Awaitable<PolicyValues | undefined>
  readonly subjectIntegration: (subject: string) => Awaitable<string | undefined>
  /** The data of a session that a guest's becomes. */
  readonly merge: (guest: Data, user: Data) => Data
  /** Finds a session. */
  readonly find: Store['find']
  /** Any other verb. */
  readonly call: <T>(call: (store: Store) => Awaitable<T>) => Awaitable<T>
  readonly tell: (event: SessionEvent) => void
  readonly report: (error: unknown) => void
}

export function createContext<D extends object>(options: EngineOptions<D>): Context {
  const { store, realm = 'main', clock = systemClock, random = randomBytes } = options
  if (typeof store?.find !== 'function')
    // The value is not shown: it may be a database's address with its password.
    throw invalidOption('store', "a store, such as memory() of 'sojourn/stores/memory'", {})
  if (!/^[\w.-]{1,64}$/.test(realm))
    throw invalidOption('realm', "1 to 64 letters, digits, '_', '.' or '-'", realm)
  const readPolicy = (input: PolicyInput): Policies => policiesOf(options, input, realm)
  const report = options.onError ?? reportToStandardError
  const call: Context['call'] = (run) =>
    callStore(clock, context.policies.base.storeTimeout, () => run(store))
  const context: Context = {
    store,
    realm,
    clock,
    random,
    peppers: peppersOf(options.secret),
    policies: readPolicy(options.policy ?? 'stay-logged-in'),
    readPolicy,
    touches: new Touches(clock, (entries) => attempt(() => call((to) => to.touch(entries)), report)),
    told: { cautions: new OncePerSession(), addresses: new OncePerSession() },
    runner: randomBytes(12).toString('base64url'),
    subjectPolicy: options.subjectPolicy ?? (() => undefined),
    subjectIntegration: options.subjectIntegration ?? (() => undefined),
    merge: mergerOf(options.merge),
    find: finderOf(store, clock, () => context.policies.base.storeTimeout),
    call,
    tell: teller(options.onEvent, report),
    report,
  }
  return context
}

function policiesOf<D extends object>(
  options: EngineOptions<D>,
  input: PolicyInput,
  realm: string,
): Policies {
  const { [dangerouslyAllowLongForms]: longForms } = options
  const dangers = longForms === undefined ? {} : { [dangerouslyAllowLongForms]: longForms }
  const policies = new Policies(input, realm, dangers)
  refuseDeclined(options.store, policies)
  refuseGuessable(options.secret, policies)
  return policies
}

function mergerOf<D extends object>(rules: MergeRules<D> | undefined): Context['merge'] {
  if (rules === undefined) return (guest, user) => mergeData(guest, user, {})
  checkMergeRules(rules, 'merge')
  return (guest, user) => mergeData<D>(guest, user, rules)
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
export function tellEnded({ tell, told, touches }: Context, ended: readonly Session[], at: Instant): void {
  for (const session of ended) {
    touches.forget(session.id)
    told.cautions.forget(session.id)
    told.addresses.forget(session.id)
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
function refuseGuessable(secret: EngineOptions['secret'], { named }: Policies): void {
  const every = named.find(({ regenerateEvery }) => regenerateEvery !== null)?.regenerateEvery
  if (secret === undefined && every !== undefined)
    throw invalidOption('secret', "the install's secret, since policy.regenerateEvery is set", secret)
}

function reportToStandardError(error: unknown): void {
  process.stderr.write(`sojourn: ${error instanceof Error ? error.message : String(error)}\n`)
}

import type { Activity, ActivityInput } from '../core/activities.ts'
import type { Proof } from '../core/elevate.ts'
import { invalidOption } from '../core/errors.ts'
import { expiryOf } from '../core/expiry.ts'
import type { LimitExplanation } from '../core/explain-limit.ts'
import { explain, type Explanation } from '../core/explain.ts'
import type { PolicyInput, PolicyScope } from '../core/layers.ts'
import type { Choice } from '../core/pending-login.ts'
import type { Policy, PolicyValues, ResolvedPolicy } from '../core/policy.ts'
import type { Data, EndReason, Instant, RequestFacts, Session } from '../core/session.ts'
import type { Simulation } from '../core/simulate.ts'
import type { Awaitable, Page, Patch, WatermarkScope } from '../core/store.ts'
import { activate, type ActivateInput } from './activate.ts'
import { addActivities, listActivities } from './activities.ts'
import { type Applied, type ApplyInput, applyPolicy } from './apply-policy.ts'
import { callersData, callersPatch } from './callers-data.ts'
import { choice, choose, type Choosing } from './choose.ts'
import { type Context, createContext, type EngineOptions, type Shape } from './context.ts'
import { credentialChanged, type CredentialChanged, type CredentialInput } from './credential-changed.ts'
import { readData, updateData, writeData } from './data.ts'
import { elevate } from './elevate.ts'
import { end, refuseUndefined, type Which } from './end.ts'
import { explainLimit, type LimitInput } from './explain-limit.ts'
import { factsOf, findActive, findOne } from './find.ts'
import { forgetDevice } from './forget-device.ts'
import { formToken, isFormToken } from './form-token.ts'
import { guard } from './guard.ts'
import { impersonate, type ImpersonateInput, type Impersonation } from './impersonate.ts'
import { list, type ListInput } from './list.ts'
import { installName } from './pepper.ts'
import { renew, type Renewed } from './renew.ts'
import { restore, type Restoration } from './restore.ts'
import { simulate, type SimulateInput } from './simulate.ts'
import { start, type Started, type StartInput } from './start.ts'
import { sweep, sweepRegularly, type Swept } from './sweep.ts'
import { parseToken, type Token } from './token.ts'
import { upgrade } from './upgrade.ts'
import { verify, type Verification } from './verify.ts'

/** What every verb means, in process. The web layer and the adapters stand above it. */
export interface Engine {
  readonly realm: string
  /** The policy of the realm as it is now: what holds for nobody in particular. */
  readonly policy: Policy
  /** The cookie's name without its prefix, `random` resolved. */
  readonly cookieName: string
  /** The name that it had under the previous secret, where it is derived from the secret; else `undefined`. */
  readonly formerCookieName: string | undefined
  /** A token's text as a token, or `undefined` where it is malformed. It is not verified. */
  parse(presented: string): Token | undefined
  start(input: StartInput): Promise<Started>
  verify(presented: string | undefined, request: RequestFacts): Awaitable<Verification>
  upgrade(id: string, input: StartInput & { readonly subject: string }): Promise<Started | undefined>
  /** Completes a login of several steps, which was started with `pending`. */
  activate(id: string, input?: ActivateInput): Promise<Started | undefined>
  /** What somebody at their limit may end, to complete the login that waits for it; `undefined`: none does. */
  choice(id: string): Promise<Choice | undefined>
  choose(id: string, endId?: string): Promise<Choosing>
  /** Spends a refresh token for a new session. For a browser the web layer does it; a client that holds tokens calls it. */
  restore(refresh: string, request: RequestFacts): Promise<Restoration>
  /** Logs out the device that a refresh token stands for. */
  forgetDevice(refresh: string): Promise<readonly Session[]>
  /** Notes that factors were verified anew; see `requireFresh` for what asks for it. */
  elevate(id: string, proof: Proof): Promise<Renewed | undefined>
  /** Replaces a token at once, where what its session may do has changed. */
  renew(id: string): Promise<Renewed | undefined>
  /** A token for the forms of a session, which no other session's forms may carry. Throws `invalid_option` without a `secret`. */
  formToken(id: string): string
  isFormToken(id: string, presented: unknown): boolean
  credentialChanged(subject: string, change: CredentialInput): Promise<CredentialChanged>
  /** Lets the holder of a session act as somebody else. */
  impersonate(id: string, target: ImpersonateInput): Promise<Impersonation>
  /** Counts as activity without a request, for a person who says "stay signed in". `undefined`: not live. */
  touch(id: string): Promise<Session | undefined>
  /** The session as it is now; throws `session_gone` where it is not live. For the end of a long request. */
  guard(id: string): Promise<Session>
  end(which: Which, reason: EndReason, by?: string): Promise<readonly Session[]>
  /** Makes every session of the scope from before now void, without visiting a row. */
  voidBefore(scope: Omit<WatermarkScope, 'realm'>, reason: EndReason): Promise<void>
  list(input?: ListInput): Promise<Page>
  /** The session by its public id, live or ended; `undefined`: none, or purged. */
  get(id: string): Promise<Session | undefined>
  readonly data: {
    read(id: string): Promise<Data | undefined>
    /** `known`: the data as it was just read, which spares a read. */
    write(id: string, patch: Patch, known?: Data): Promise<Data>
    update(id: string, change: (data: Data) => Patch | undefined): Promise<Data>
  }
  /** What somebody does within a session: page views, events, social interactions, transactions. Gone with its data. */
  readonly activities: {
    add(id: string, ...activities: readonly ActivityInput[]): Promise<void>
    list(id: string): Promise<readonly Activity[]>
  }
  sweep(subject?: string): Promise<Swept>
  /** What each rule says about a session now, for a request like its first. */
  explain(id: string): Promise<Explanation | undefined>
  /** How many sessions somebody may have, and why. */
  explainLimit(input: LimitInput): Promise<LimitExplanation>
  /**
   * The last valid moment of a live session, as exactly as this process knows; `null`: none is set. `active`: the request
   * at hand counts as activity.
   */
  expiresAt(session: Session, active: boolean): Instant | null
  now(): Instant
  /** The policy of a scope, with the source of each value. */
  policyFor(scope: Partial<PolicyScope>, subject?: PolicyValues): ResolvedPolicy
  /** Whom a policy would sign out. */
  simulate(policy: PolicyInput, how?: SimulateInput): Promise<Simulation>
  /** Goes by another policy from now on, on this node. */
  applyPolicy(policy: PolicyInput, how?: ApplyInput): Promise<Applied>
  /** Writes what is held back, exactly. */
  flush(): Promise<void>
  /** Stops the timers, waits for what is under way, and writes what is held back. The store is closed with it. */
  close(): Promise<void>
}

const minute = 60_000

export function createEngine<D extends object = Shape>(options: EngineOptions<D>): Engine {
  const context = createContext(options)
  const { store, clock, realm, call, touches } = context
  const { sweepEvery = minute } = options
  if (sweepEvery !== null && !(Number.isSafeInteger(sweepEvery) && sweepEvery > 0))
    throw invalidOption('sweepEvery', 'milliseconds above 0, or null', sweepEvery)
  const cookieName = nameOf(context, options.secret)
  const [, former] = context.peppers
  const isDerived = context.policies.base.cookieName === 'random'
  const stopSweeping = sweepEvery === null ? async () => {} : sweepRegularly(context, sweepEvery)
  return {
    realm,
    get policy() {
      return context.policies.base
    },
    cookieName,
    formerCookieName: former && isDerived ? installName(former) : undefined,
    parse: (presented) => parseToken(presented, context.policies.base),
    start: async (input) => start(context, callersData(input, clock.now())),
    verify: (presented, request) => verify(context, presented, request),
    upgrade: async (id, input) => upgrade(context, id, callersData(input, clock.now())),
    activate: async (id, input) => activate(context, id, callersData(input, clock.now())),
    choice: (id) => choice(context, id),
    choose: (id, endId) => choose(context, id, endId),
    restore: (refresh, request) => restore(context, refresh, request),
    forgetDevice: (refresh) => forgetDevice(context, refresh),
    elevate: (id, proof) => elevate(context, id, proof),
    renew: (id) => renew(context, id),
    formToken: (id) => formToken(context, id),
    isFormToken: (id, presented) => isFormToken(context, id, presented),
    credentialChanged: (subject, change) => credentialChanged(context, subject, change),
    impersonate: async (id, target) => impersonate(context, id, callersData(target, clock.now())),
    async touch(id) {
      if ((await findActive(context, id)) === undefined) return undefined
      await call((store) => store.touch([{ id, at: clock.now(), lag: 0 }]))
      touches.forget(id)
      return (await findActive(context, id))?.found.session
    },
    guard: (id) => guard(context, id),
    end: async (which, reason, by) => end(context, which, reason, by),
    async voidBefore(scope, reason) {
      refuseUndefined(scope, 'voidBefore')
      await call((store) => store.voidBefore({ ...scope, realm }, { at: clock.now(), reason }))
    },
    list: async (input) => list(context, input),
    get: async (id) => (await findOne(context, id))?.session,
    data: {
      read: (id) => readData(context, id),
      write: async (id, patch, known) => writeData(context, id, callersPatch(patch, clock.now()), known),
      update: (id, change) =>
        updateData(context, id, (data) => {
          const patch = change(data)
          return patch && callersPatch(patch, clock.now())
        }),
    },
    activities: {
      add: (id, ...activities) => addActivities(context, id, ...activities),
      list: (id) => listActivities(context, id),
    },
    sweep: (subject) => sweep(context, subject),
    async explain(id) {
      const found = await findOne(context, id)
      if (found === undefined) return undefined
      return explain(factsOf(context, found), context.policies.of(found.session), clock.now())
    },
    explainLimit: (input) => explainLimit(context, input),
    expiresAt(session, active) {
      const seen = active ? clock.now() : touches.lastSeen(session.id)
      const known = seen === undefined ? session.lastSeenAt + session.lag : Math.max(seen, session.lastSeenAt)
      return expiryOf(session, context.policies.of(session), known)
    },
    now: () => clock.now(),
    policyFor: (scope, subject) =>
      context.policies.resolve({ app: null, roles: [], method: null, ...scope }, subject),
    simulate: (policy, how) => simulate(context, policy, how),
    applyPolicy: (policy, how) => applyPolicy(context, policy, how),
    flush: () => touches.flush(),
    async close() {
      await stopSweeping()
      await touches.flush()
      await store.close?.()
    },
  }
}

function nameOf({ policies, peppers }: Context, secret: EngineOptions['secret']): string {
  const { cookieName } = policies.base
  if (cookieName !== 'random') return cookieName
  if (secret === undefined)
    throw invalidOption(
      'policy.cookieName',
      "'random' together with the option secret, which it is derived from",
      'no secret',
    )
  return installName(peppers[0])
}

import { decide } from '../core/decide.ts'
import { invalidOption } from '../core/errors.ts'
import { expiryOf } from '../core/expiry.ts'
import { explain, type Explanation } from '../core/explain.ts'
import type { PolicyScope } from '../core/layers.ts'
import type { Policy, PolicyValues, ResolvedPolicy } from '../core/policy.ts'
import type { Data, EndReason, Instant, RequestFacts, Session } from '../core/session.ts'
import type { Awaitable, Page, Patch, WatermarkScope } from '../core/store.ts'
import { type Context, createContext, type EngineOptions } from './context.ts'
import { readData, updateData, writeData } from './data.ts'
import { end, refuseUndefined, type Which } from './end.ts'
import { list, type ListInput } from './list.ts'
import { installName } from './pepper.ts'
import { restore, type Restoration } from './restore.ts'
import { start, type Started, type StartInput } from './start.ts'
import { sweep, sweepRegularly, type Swept } from './sweep.ts'
import { parseToken, type Token } from './token.ts'
import { upgrade } from './upgrade.ts'
import { verify, type Verification } from './verify.ts'

/** What every verb means, in process. The web layer and the adapters stand above it. */
export interface Engine {
  readonly realm: string
  /** The policy of the whole install. */
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
  /** Spends a refresh token for a new session. For a browser the web layer does it; a client that holds tokens calls it. */
  restore(refresh: string, request: RequestFacts): Promise<Restoration>
  /** Counts as activity without a request, for a person who says "stay signed in". `undefined`: not live. */
  touch(id: string): Promise<Session | undefined>
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
  sweep(subject?: string): Promise<Swept>
  /** What each rule says about a session now, for a request like its first. */
  explain(id: string): Promise<Explanation | undefined>
  /**
   * The last valid moment of a live session, as exactly as this process knows; `null`: none is set. `active`: the request
   * at hand counts as activity.
   */
  expiresAt(session: Session, active: boolean): Instant | null
  now(): Instant
  /** The policy of a scope, with the source of each value. */
  policyFor(scope: Partial<PolicyScope>, subject?: PolicyValues): ResolvedPolicy
  /** Writes what is held back, exactly. */
  flush(): Promise<void>
  /** Stops the timers, waits for what is under way, and writes what is held back. The store is closed with it. */
  close(): Promise<void>
}

const minute = 60_000

export function createEngine(options: EngineOptions): Engine {
  const context = createContext(options)
  const { store, clock, realm, call, policies } = context
  const { sweepEvery = minute } = options
  if (sweepEvery !== null && !(Number.isSafeInteger(sweepEvery) && sweepEvery > 0))
    throw invalidOption('sweepEvery', 'milliseconds above 0, or null', sweepEvery)
  const cookieName = nameOf(context, options)
  const [, former] = context.peppers
  const stopSweeping = sweepEvery === null ? async () => {} : sweepRegularly(context, sweepEvery)
  const find = async (id: string) => {
    const found = await call((store) => store.find(id))
    return found?.session.realm === realm ? found : undefined
  }
  const judge = async (id: string) => {
    const found = await find(id)
    if (found === undefined) return undefined
    const { session, watermark } = found
    const request = { ip: session.ip, userAgent: session.userAgent, passive: true }
    const seenAt = context.touches.lastSeen(id)
    return { session, facts: { session, watermark, request, seenAt }, policy: policies.of(session) }
  }
  const live = async (id: string) => {
    const judged = await judge(id)
    if (judged === undefined) return undefined
    const { next } = decide(judged.facts, judged.policy, clock.now())
    return next === 'end' ? undefined : judged.session
  }
  return {
    realm,
    policy: policies.base,
    cookieName,
    formerCookieName: former && policies.base.cookieName === 'random' ? installName(former) : undefined,
    parse: (presented) => parseToken(presented, policies.base),
    start: (input) => start(context, input),
    verify: (presented, request) => verify(context, presented, request),
    upgrade: (id, input) => upgrade(context, id, input),
    restore: (refresh, request) => restore(context, refresh, request),
    async touch(id) {
      if ((await live(id)) === undefined) return undefined
      await call((store) => store.touch([{ id, at: clock.now(), lag: 0 }]))
      context.touches.forget(id)
      return live(id)
    },
    end: async (which, reason, by) => end(context, which, reason, by),
    async voidBefore(scope, reason) {
      refuseUndefined(scope, 'voidBefore')
      await call((store) => store.voidBefore({ ...scope, realm }, { at: clock.now(), reason }))
    },
    list: async (input) => list(context, input),
    get: async (id) => (await find(id))?.session,
    data: {
      read: (id) => readData(context, id),
      write: (id, patch, known) => writeData(context, id, patch, known),
      update: (id, change) => updateData(context, id, change),
    },
    sweep: (subject) => sweep(context, subject),
    async explain(id) {
      const judged = await judge(id)
      return judged === undefined ? undefined : explain(judged.facts, judged.policy, clock.now())
    },
    expiresAt(session, active) {
      const seen = active ? clock.now() : context.touches.lastSeen(session.id)
      const known = seen === undefined ? session.lastSeenAt + session.lag : Math.max(seen, session.lastSeenAt)
      return expiryOf(session, policies.of(session), known)
    },
    now: () => clock.now(),
    policyFor: (scope, subject) =>
      policies.resolve({ app: null, roles: [], method: null, ...scope }, subject),
    flush: () => context.touches.flush(),
    async close() {
      await stopSweeping()
      await context.touches.flush()
      await store.close?.()
    },
  }
}

function nameOf({ policies, peppers }: Context, { secret }: EngineOptions): string {
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

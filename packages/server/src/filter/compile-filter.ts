import { type BlockList, isIP } from 'node:net'
import type { Instant, ListInput, Session } from 'sojourn'
import { isLive } from 'sojourn/core'
import { deviceOf } from '../devices.ts'
import { type SessionState, stateOf } from '../session-state.ts'
import { type FilterMoment, type FilterState, type FilterTerm, storeFields } from './filter-term.ts'

/** A filter as a store is asked, and what of it is left to look at in what the store answers. */
export interface CompiledFilter {
  readonly which: Omit<ListInput, 'limit' | 'cursor'>
  /** `undefined`: the store's answer is the filter's. Asked of each session, it gives it as it is to be shown. */
  readonly keep: ((session: Session) => Session | undefined) | undefined
  /** Whether it looks at the past: nothing can be ended there. */
  readonly isPast: boolean
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }
type Check = (session: Session) => boolean
/** The country of an address: two capitals, `local` or `unknown`. */
export type CountryAt = (ip: string | null) => string

/**
 * What the terms mean at a moment. Without a state it is `active`, and `ended` where a reason or the moment of an end is
 * asked for. Every term is either in what the store is asked or among the checks, so that none is lost.
 */
export function compileFilter(
  terms: readonly FilterTerm[],
  now: Instant,
  countryAt?: CountryAt,
): CompiledFilter {
  const which: Writable<Omit<ListInput, 'limit' | 'cursor'>> = {}
  const checks: Check[] = []
  const asOf = terms.find((term) => term.field === 'as_of')?.value
  let state: FilterState | undefined
  let isOfEnds = false
  for (const term of terms)
    switch (term.field) {
      case 'as_of':
        break
      case 'state':
        state = term.value
        break
      case 'user':
        which.subject = term.value
        break
      case 'reason':
        isOfEnds = true
        which.reason = term.value
        break
      case 'ip':
        // Addresses of version 4 are kept in one spelling.
        if (isIP(term.value) === 4) which.ip = term.value
        else checks.push(({ ip }) => ip !== null && isWithin(ip, term.range))
        break
      case 'country': {
        // Without it the term would match nobody, or everybody.
        if (countryAt === undefined) throw new Error('no countries are known here')
        checks.push(({ ip }) => countryAt(ip) === term.value)
        break
      }
      case 'lastSeen':
      case 'created':
      case 'ended': {
        const at = momentOf(term.value, asOf ?? now)
        isOfEnds ||= term.field === 'ended'
        if (term.field === 'lastSeen' && term.comparison.startsWith('<'))
          which.unseenSince = term.comparison === '<' ? at - 1 : at
        else checks.push(compared(term.field, term.comparison, at))
        break
      }
      default: {
        const stored = storeFields.find((one) => one === term.field)
        if (stored === undefined) checks.push(textCheck(term))
        else which[stored] = term.value
      }
    }
  const wanted = state ?? (isOfEnds ? 'ended' : 'active')
  return asOf === undefined ? present(which, checks, wanted, now) : past(which, checks, wanted, asOf)
}

function present(
  which: CompiledFilter['which'],
  checks: readonly Check[],
  state: FilterState,
  now: Instant,
): CompiledFilter {
  const beyond = stateCheck(state, now)
  const all = beyond === undefined ? checks : [...checks, beyond]
  const isLiveState = state === 'active' || state === 'pending' || state === 'live'
  const asked = isLiveState ? 'live' : state === 'over' ? 'any' : state
  return {
    which: { ...which, state: asked },
    keep:
      all.length === 0
        ? undefined
        : (session) => (all.every((check) => check(session)) ? session : undefined),
    isPast: false,
  }
}

/**
 * The sessions as they stood at a moment, as far as records tell: who had begun by then, and whose end came later had not
 * ended. What was purged since is missing, and a last activity is the last of all.
 */
function past(
  { reason, unseenSince, ...which }: CompiledFilter['which'],
  checks: readonly Check[],
  state: FilterState,
  at: Instant,
): CompiledFilter {
  const all = [...checks]
  if (reason !== undefined) all.push(({ endReason }) => endReason === reason)
  if (unseenSince !== undefined) all.push(({ lastSeenAt, lag }) => lastSeenAt + lag <= unseenSince)
  return {
    which: { ...which, state: 'any' },
    keep(session) {
      if (session.createdAt > at) return undefined
      const then = asItStood(session, at)
      return isIn(state, then, at) && all.every((check) => check(then)) ? then : undefined
    },
    isPast: true,
  }
}

function asItStood(session: Session, at: Instant): Session {
  const ended = session.endedAt !== null && session.endedAt > at
  const pending = session.activatedAt !== null && session.activatedAt > at
  return {
    ...session,
    ...(ended && { endedAt: null, endReason: null, endedBy: null }),
    ...(pending && { activatedAt: null }),
  }
}

const states: { readonly [state in Exclude<FilterState, 'live' | 'any'>]: SessionState } = {
  active: 'live',
  pending: 'pending',
  restorable: 'restorable',
  over: 'over',
  ended: 'ended',
}

function isIn(state: FilterState, session: Session, at: Instant): boolean {
  if (state === 'any') return true
  if (state === 'live') return isLive(session, at)
  // Whoever can come back has ended too, once that is marked.
  if (state === 'ended') return session.endedAt !== null
  return stateOf(session, at) === states[state]
}

function isWithin(address: string, range: BlockList): boolean {
  const version = isIP(address)
  return version > 0 && range.check(address, version === 4 ? 'ipv4' : 'ipv6')
}

/** What the store's own states do not say. */
function stateCheck(state: FilterState, now: Instant): Check | undefined {
  if (state === 'active') return ({ activatedAt }) => activatedAt !== null
  if (state === 'pending') return ({ activatedAt }) => activatedAt === null
  return state === 'over' ? (session) => isIn('over', session, now) : undefined
}

/** In a look at the past its own moment is `now`. */
function momentOf(moment: FilterMoment, now: Instant): Instant {
  return 'at' in moment ? moment.at : now - moment.before
}

function compared(field: 'lastSeen' | 'created' | 'ended', comparison: string, at: Instant): Check {
  const of = (session: Session): Instant | null => {
    if (field === 'ended') return session.endedAt
    return field === 'created' ? session.createdAt : session.lastSeenAt + session.lag
  }
  return (session) => {
    const moment = of(session)
    if (moment === null) return false
    switch (comparison) {
      case '<':
        return moment < at
      case '<=':
        return moment <= at
      case '>':
        return moment > at
      default:
        return moment >= at
    }
  }
}

function textCheck({ field, value }: FilterTerm): Check {
  const text = typeof value === 'string' ? value : ''
  const same = (one: string): boolean => one.toLowerCase() === text.toLowerCase()
  switch (field) {
    case 'role':
      return ({ roles }) => roles.includes(text)
    case 'policy':
      return ({ policy }) => policy === text
    case 'device.type':
      return ({ userAgent }) => deviceOf(userAgent).type === text
    case 'device.os':
      return ({ userAgent }) => same(deviceOf(userAgent).os)
    case 'device.browser':
      return ({ userAgent }) => same(deviceOf(userAgent).browser)
    default:
      // A term that nothing looks at must not match everybody.
      throw new Error(`nothing looks at ${field}`)
  }
}

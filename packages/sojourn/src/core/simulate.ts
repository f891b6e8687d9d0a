import { decide, type Facts } from './decide.ts'
import { explain } from './explain.ts'
import { expandPolicy, layersOf, type PolicyInput, type PolicyScope, scopeKey, scopesOf } from './layers.ts'
import { type Policy, type PolicyDangers, resolvePolicy } from './policy.ts'
import { deadlines } from './rules/index.ts'
import { type EndReason, type Instant, isLive, type Session } from './session.ts'

/** One session that a policy would end. */
export interface Affected {
  readonly id: string
  readonly subject: string | null
  /** The rule that would end it, by its name: `idle-timeout`. */
  readonly rule: string
  /** What would be told as the reason. A policy that is applied by a watermark ends them as `policy_changed` instead. */
  readonly reason: EndReason
  /** Since when it would be over. */
  readonly endedAt: Instant
}

export interface Simulation {
  /** Live sessions that the policy would end at the next look, in the order in which they were given. */
  readonly affected: readonly Affected[]
  /** How many of them for each reason. */
  readonly reasons: { readonly [reason in EndReason]?: number }
  /** How many people they belong to; guests are not counted. */
  readonly subjects: number
  /** How many sessions would go on. */
  readonly spared: number
  /** How many were over already, whatever the policy. */
  readonly over: number
}

export interface SimulateOptions {
  /** The policy that holds now; left out: only the limits that stand in the sessions themselves. */
  readonly current?: PolicyInput
  /** The last activity that a process knows of, where that is later than the record; by the session's id. */
  readonly seenAt?: (id: string) => Instant | undefined
  readonly dangers?: PolicyDangers
}

/**
 * Whom a policy would sign out: it judges every session by the rules that the next request meets, for a request like its
 * first, at `now`. A policy that loosens ends nobody, and prolongs nobody who is there. Throws `invalid_option` where the
 * policy does not read. Watermarks are not known here: what they cover must not be given.
 */
export function simulate(
  policy: PolicyInput,
  sessions: Iterable<Session>,
  now: Instant,
  { current, seenAt, dangers = {} }: SimulateOptions = {},
): Simulation {
  const next = policiesOf(policy, 'policy', dangers)
  const before = current === undefined ? undefined : policiesOf(current, 'current', dangers)
  const affected: Affected[] = []
  const reasons: { [reason in EndReason]?: number } = {}
  const subjects = new Set<string>()
  let spared = 0
  let over = 0
  for (const session of sessions) {
    const facts = factsOf(session, seenAt?.(session.id))
    if (isOver(facts, before?.(session), now)) {
      over++
      continue
    }
    const resolved = next(session)
    const verdict = decide(facts, resolved, now)
    if (verdict.next !== 'end') {
      spared++
      continue
    }
    const { reason, endedAt } = verdict
    const { id, subject } = session
    affected.push({ id, subject, rule: ruleOf(facts, resolved, now, reason), reason, endedAt })
    reasons[reason] = (reasons[reason] ?? 0) + 1
    if (subject !== null) subjects.add(subject)
  }
  return { affected, reasons, subjects: subjects.size, spared, over }
}

/** The policy of each session's scope, resolved once a scope. */
function policiesOf(
  input: PolicyInput,
  path: string,
  dangers: PolicyDangers,
): (scope: PolicyScope) => Policy {
  const layer = expandPolicy(input, path)
  const known = new Map<string, Policy>()
  const resolve = (scope: PolicyScope): Policy => {
    const key = scopeKey(scope)
    let policy = known.get(key)
    if (policy === undefined) {
      policy = resolvePolicy(layersOf(layer, scope, undefined, path), dangers).policy
      known.set(key, policy)
    }
    return policy
  }
  // So that a bad value is refused though nobody is there whom it would hold for.
  for (const scope of scopesOf(layer)) resolve(scope)
  return resolve
}

function factsOf(session: Session, seenAt: Instant | undefined): Facts {
  const { ip, userAgent } = session
  return { session, watermark: null, request: { ip, userAgent, passive: true }, seenAt }
}

/** Under no policy of its own a session still has the limits that stand in its record. */
function isOver(facts: Facts, current: Policy | undefined, now: Instant): boolean {
  if (current !== undefined) return decide(facts, current, now).next === 'end'
  const { session, seenAt } = facts
  const isLater = seenAt !== undefined && seenAt > session.lastSeenAt + session.lag
  return !isLive(isLater ? { ...session, lastSeenAt: seenAt, lag: 0 } : session, now)
}

function ruleOf(facts: Facts, policy: Policy, now: Instant, reason: EndReason): string {
  const deadline = deadlines.find((rule) => rule.reason === reason)
  if (deadline !== undefined) return deadline.name
  const { trace } = explain(facts, policy, now)
  const found = trace.find((said) => 'finding' in said && said.finding?.reason === reason)
  return found?.rule ?? reason
}

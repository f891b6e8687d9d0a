import { decide, type Facts } from '../../src/core/decide.ts'
import type { PolicyInput } from '../../src/core/layers.ts'
import type { Session } from '../../src/core/session.ts'
import { aSession, start } from '../../src/testing/fixtures.ts'
import { policyOf } from './policy-of.ts'

export interface Timeline extends Partial<Omit<Facts, 'session' | 'request'>> {
  readonly policy?: PolicyInput
  readonly session?: Partial<Session>
  readonly request?: Partial<Facts['request']>
}

/** Asks `decide` at moments counted from `start`: `at(60 * minute)` is what to do next, or the reason for the end. */
export function timeline({ policy = {}, session = {}, request = {}, watermark = null, seenAt }: Timeline) {
  const resolved = policyOf(policy)
  const base = aSession({ idleTimeout: resolved.idleTimeout, expiresAt: null, ...session })
  const facts: Facts = {
    session: base,
    watermark,
    request: { userAgent: base.userAgent, ip: base.ip, passive: false, ...request },
    seenAt,
  }
  const verdict = (elapsed: number) => decide(facts, resolved, start + elapsed)
  return {
    facts,
    policy: resolved,
    verdict,
    at(elapsed: number) {
      const found = verdict(elapsed)
      return found.next === 'end' ? found.reason : found.next
    },
    /** When it was over, counted from `start`; `undefined`: it is not. */
    over(elapsed: number) {
      const found = verdict(elapsed)
      return found.next === 'end' ? found.endedAt - start : undefined
    },
    /** When it will be over if nobody comes, counted from `start`. */
    expires(elapsed: number) {
      const found = verdict(elapsed)
      return found.next === 'end' || found.expiresAt === null ? null : found.expiresAt - start
    },
  }
}

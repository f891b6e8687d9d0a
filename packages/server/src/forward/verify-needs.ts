import type { AssuranceLevel } from 'sojourn'
import { type ActivityRule, type Freshness, parseDuration } from 'sojourn/core'

/** What a proxy asks for one part of an application, in the query of the address that it is configured with. */
export interface VerifyNeeds {
  /** Whether whoever looks at pages is sent to sign in by 302, for proxies that hand that on. */
  readonly redirect: boolean
  /** One of them is needed; empty: none. */
  readonly roles: readonly string[]
  /** `undefined`: any sign-in will do. */
  readonly freshness: Freshness | undefined
  /** The paths that are nobody's activity. */
  readonly activity: readonly ActivityRule[]
}

/** Which parameter does not read, and what was expected. */
export interface NeedsFault {
  readonly fault: string
}

const names: ReadonlySet<string> = new Set(['redirect', 'role', 'assurance', 'maxAge', 'passive'])

/** Different queries that are kept read: those of the proxies are few, and anybody can make up others. */
const most = 64
const known = new Map<string, VerifyNeeds | NeedsFault>()

/**
 * Reads a query, once for all requests that bring it. What does not read is refused whole, an unknown name too: a condition
 * that is misspelt would let everybody in.
 */
export function verifyNeeds(query: string): VerifyNeeds | NeedsFault {
  const found = known.get(query)
  if (found !== undefined) return found
  const needs = read(new URLSearchParams(query))
  if (known.size >= most) known.clear()
  if (query.length <= 1_000) known.set(query, needs)
  return needs
}

function read(query: URLSearchParams): VerifyNeeds | NeedsFault {
  for (const name of query.keys())
    if (!names.has(name)) return { fault: `${name}: expected one of ${[...names].join(', ')}` }
  for (const name of ['redirect', 'assurance', 'maxAge'])
    if (query.getAll(name).length > 1) return { fault: `${name}: expected once` }
  const redirect = query.get('redirect')
  if (redirect !== null && redirect !== '1') return { fault: 'redirect: expected 1' }
  const roles = query.getAll('role')
  if (roles.some((role) => !/^[\w.:-]{1,128}$/.test(role)))
    return { fault: 'role: expected the name of a role' }
  const assurance = assuranceIn(query.get('assurance'))
  if (assurance === null) return { fault: 'assurance: expected 1, 2 or 3' }
  const maxAge = query.get('maxAge')
  const age = maxAge === null ? undefined : parseDuration(maxAge)
  if (maxAge !== null && (age === undefined || age === 0))
    return { fault: "maxAge: expected a duration such as '10m'" }
  const passive = query.getAll('passive')
  if (passive.some((path) => !/^[/*]\P{Cc}{0,200}$/u.test(path)))
    return { fault: "passive: expected a path that begins with '/' or '*'" }
  const asks = assurance !== undefined || age !== undefined
  return {
    redirect: redirect === '1',
    roles,
    freshness: asks
      ? { ...(assurance !== undefined && { assurance }), ...(age !== undefined && { maxAge: age }) }
      : undefined,
    activity: passive.map((path) => ({ path, as: 'passive' as const })),
  }
}

function assuranceIn(written: string | null): AssuranceLevel | undefined | null {
  if (written === null) return undefined
  const levels = { '1': 1, '2': 2, '3': 3 } as const
  return written === '1' || written === '2' || written === '3' ? levels[written] : null
}

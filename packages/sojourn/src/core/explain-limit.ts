import type { AdmissionPolicy } from './admit.ts'
import type { ResolvedPolicy, Source } from './policy.ts'

/** A subject's limit on sessions, where it comes from, and what it prevailed over. */
export interface LimitExplanation {
  readonly limit: AdmissionPolicy['limit']
  readonly onExceed: AdmissionPolicy['onExceed']
  /** `subject`, `integration library`, `method saml`, `role administrator`, `app shop`, `realm staff`, `install` or `default`. */
  readonly source: string
  /** Limits that were set further away, or at one level less tightly. */
  readonly setAside: Source['losers']
  /** The same for an administrator to read. */
  readonly sentence: string
}

/** Says why somebody may have so many sessions, or none: what an administrator checks when a person cannot log in. */
export function explainLimit({ policy, sources }: ResolvedPolicy): LimitExplanation {
  const { from, losers } = sources.limit
  const set = from === 'default' ? 'since nobody has set a limit' : `set ${placeOf(from)}`
  const aside = losers.map((loser) => `${loser.shown} ${placeOf(loser.from)}`)
  const rest = aside.length === 0 ? '' : `; this prevails over ${aside.join(', ')}`
  return {
    limit: policy.limit,
    onExceed: policy.onExceed,
    source: from,
    setAside: losers,
    sentence: `${amountOf(policy.limit)}, ${set}${rest}.`,
  }
}

function amountOf(limit: AdmissionPolicy['limit']): string {
  if (limit === 'unlimited') return 'Any number of sessions'
  if (limit === 0) return 'May not log in: no session at all'
  return limit === 1 ? 'One session' : `At most ${limit} sessions`
}

const places: { readonly [kind: string]: string } = {
  subject: 'for this person',
  install: 'for everybody',
  integration: 'for the people of the integration',
  method: 'for the login method',
  role: 'for the role',
  app: 'for the application',
  realm: 'for the realm',
}

/** `role administrator` in words. A name may hold spaces; a kind does not. */
function placeOf(from: string): string {
  const [kind = ''] = from.split(' ', 1)
  return `${places[kind] ?? kind}${from.slice(kind.length)}`
}

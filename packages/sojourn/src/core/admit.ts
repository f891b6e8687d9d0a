import { invalidOption } from './errors.ts'
import { choice, type Option, type Options } from './option.ts'
import type { Limit } from './store.ts'

export interface AdmissionPolicy {
  /** How many live sessions one subject may have: a number, or `'unlimited'`. `0`: may not log in at all. */
  readonly limit: number | 'unlimited'
  /** What a login beyond the limit leads to. */
  readonly onExceed: 'evict-oldest-inactive' | 'deny'
}

const limit: Option<number | 'unlimited', number | 'unlimited' | null> = {
  fallback: 'unlimited',
  says: 'How many live sessions one subject may have; 0 prevents login, null inherits.',
  combine: 'nearest',
  nullInherits: true,
  tighter: (a, b) => (a === 'unlimited' ? b : b === 'unlimited' ? a : Math.min(a, b)),
  read(written, path) {
    if (written === 'unlimited') return written
    if (typeof written === 'number' && Number.isSafeInteger(written) && written >= 0) return written
    throw invalidOption(path, "a whole number from 0, 'unlimited', or null to inherit", written)
  },
  show: String,
}

export const admissionOptions = {
  limit,
  onExceed: choice(
    ['evict-oldest-inactive', 'deny'],
    'evict-oldest-inactive',
    'What a login beyond the limit leads to: the longest unseen session ends, or the login is refused.',
  ),
} satisfies Options<AdmissionPolicy>

/** May a login start a session? `closed` is answered before any row is looked at. */
export function admit(
  policy: AdmissionPolicy,
): { readonly may: 'closed' } | { readonly may: 'start'; readonly limit?: Limit } {
  if (policy.limit === 'unlimited') return { may: 'start' }
  if (policy.limit === 0) return { may: 'closed' }
  return {
    may: 'start',
    limit: { most: policy.limit, onExceed: policy.onExceed === 'deny' ? 'refuse' : 'evict' },
  }
}

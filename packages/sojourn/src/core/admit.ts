import { invalidOption } from './errors.ts'
import { choice, type Option, type Options } from './option.ts'
import type { Limit } from './store.ts'

export interface AdmissionPolicy {
  /** How many live sessions one subject may have: a number, or `'unlimited'`. `0`: may not log in at all. */
  readonly limit: number | 'unlimited'
  /** What a login beyond the limit leads to. */
  readonly onExceed: 'evict-oldest-inactive' | 'deny' | 'ask-user'
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
    ['evict-oldest-inactive', 'deny', 'ask-user'],
    'evict-oldest-inactive',
    'What a login beyond the limit leads to: the longest unseen session ends, the login is refused, or the person chooses what to end.',
  ),
} satisfies Options<AdmissionPolicy>

/** Whether a login may start a session. */
export type Admission =
  /** The subject may have none. Known before any row is looked at. */
  | { readonly may: 'closed' }
  | {
      readonly may: 'start'
      readonly limit?: Limit
      /** Where the limit refuses it, the login waits as a pending session until the person has ended another (`pending-login.ts`). */
      readonly ask?: true
    }

/** May a login start a session? To ask somebody, the store has to refuse first: nobody is evicted meanwhile. */
export function admit({ limit, onExceed }: AdmissionPolicy): Admission {
  if (limit === 'unlimited') return { may: 'start' }
  if (limit === 0) return { may: 'closed' }
  if (onExceed === 'evict-oldest-inactive') return { may: 'start', limit: { most: limit, onExceed: 'evict' } }
  const refusing: Admission = { may: 'start', limit: { most: limit, onExceed: 'refuse' } }
  return onExceed === 'ask-user' ? { ...refusing, ask: true } : refusing
}

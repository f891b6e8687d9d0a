import { optional, picklist } from 'valibot'
import type { KindField } from './integration-kind.ts'
import type { Person } from './integration-subjects.ts'

/** As whom somebody comes in whose way in does not say who they are. */
export const whoIn = optional(picklist(['shared', 'visit']), 'shared')

export const whoField: KindField = {
  name: 'who',
  label: 'As whom',
  hint: 'One account for all: its limit of sessions is theirs together. A guest of each visit: an account that nobody comes back to, removed after it.',
  type: 'choice',
  choices: [
    { value: 'shared', label: 'One account for all' },
    { value: 'visit', label: 'A guest of each visit' },
  ],
}

/** The one whom the integration vouches for. */
export function personOf(who: 'shared' | 'visit'): Person {
  return who === 'shared' ? { externalId: 'shared' } : {}
}

import type { EndReason } from 'sojourn'
import type { BlockList } from 'node:net'
import type { DeviceType } from '../devices.ts'

/** The states that may be asked for. `active`: signed in or a guest, and good; `live`: that, or waiting for the rest of a login. */
export const filterStates = ['active', 'live', 'pending', 'restorable', 'over', 'ended', 'any'] as const
export type FilterState = (typeof filterStates)[number]

export const deviceTypes = [
  'desktop',
  'mobile',
  'tablet',
  'tv',
  'bot',
  'unknown',
] as const satisfies readonly DeviceType[]

/** A moment, or one counted from when the filter is asked. */
export type FilterMoment = { readonly at: number } | { readonly before: number }
export type Comparison = '<' | '<=' | '>' | '>='

/** The fields that a text must equal, of which the store can look some up. */
export const storeFields = ['id', 'app', 'method', 'family', 'parent', 'actor'] as const
export type TextField = (typeof storeFields)[number] | 'role' | 'policy' | 'device.os' | 'device.browser'

/** One condition of a filter; all must hold. */
export type FilterTerm =
  | { readonly field: 'state'; readonly value: FilterState }
  /** An id or an e-mail address; `null`: guests. */
  | { readonly field: 'user'; readonly value: string | null }
  | { readonly field: 'ip'; readonly value: string; readonly range: BlockList }
  | { readonly field: 'device.type'; readonly value: DeviceType }
  /** Two capitals, `local` or `unknown`. */
  | { readonly field: 'country'; readonly value: string }
  | { readonly field: 'reason'; readonly value: EndReason }
  | { readonly field: 'as_of'; readonly value: number }
  | { readonly field: TextField; readonly value: string }
  | {
      readonly field: 'lastSeen' | 'created' | 'ended'
      readonly comparison: Comparison
      readonly value: FilterMoment
    }

/** A filter that does not read: where (characters from 0), what was expected there, and what stands there. */
export interface FilterFault {
  readonly at: number
  readonly length: number
  readonly expected: string
  readonly got: string
}

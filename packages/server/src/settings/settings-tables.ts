import type { Instant } from 'sojourn'
import type { LayerKind } from './layer.ts'

/** What administrators have set, a row an option of a layer. What stands in no row is as the configuration says. */
export interface SettingsTable {
  readonly kind: LayerKind
  /** Empty for the install, of which there is one. */
  readonly name: string
  readonly option: string
  /** As JSON. */
  readonly value: string
  /** The one that set it. */
  readonly revision: number
}

/** Every change that was made, for good: undoing one makes another. */
export interface SettingRevisionsTable {
  readonly revision: number
  readonly kind: LayerKind
  readonly name: string
  /** The account of who made it; `null`: whoever holds the command line. */
  readonly author: string | null
  readonly made_at: Instant
  readonly note: string
  /** As JSON: the option, and its value before and after, each as JSON or `null` where it was not set. */
  readonly changes: string
  /** The revision that it undoes. */
  readonly undoes: number | null
}

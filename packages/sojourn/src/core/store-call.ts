import type { Millis } from './session.ts'

/** The verbs of a store that answer, by the names that its interface gives them. */
export type StoreVerb =
  | 'create'
  | 'find'
  | 'touch'
  | 'upgrade'
  | 'regenerate'
  | 'write'
  | 'end'
  | 'voidBefore'
  | 'list'
  | 'sweep'
  | 'restore'
  | 'lease'
  | 'changes'

/** One call of a store, as a metric sees it: few different words, no id, subject, secret or data. */
export interface StoreCall {
  readonly store: string
  readonly verb: StoreVerb
  readonly millis: Millis
  /** What came of it: `found`, `absent`, `created`, `gone` …; `failed` where it threw. */
  readonly outcome: string
  /** The code of the error, or the name of its class, where it threw. */
  readonly error?: string
}

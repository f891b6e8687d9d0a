import type { GenericSchema } from 'valibot'

/** What an address of the API takes and gives, for programs to read. Its schemas are those that validate. */
export interface Described {
  readonly summary: string
  /** The query's members, each a text. */
  readonly query?: GenericSchema
  readonly request?: GenericSchema
  /** What it answers where it succeeds; `null`: no body. What it refuses is a problem, of any status from 400. */
  readonly answers: { readonly [status: number]: GenericSchema | null }
  /** The same as lines of JSON while the work goes on, for who accepts `application/x-ndjson`. */
  readonly lines?: GenericSchema
  /** What each event of a stream says, for who accepts `text/event-stream`. */
  readonly events?: GenericSchema
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Requests } from '../http/requests.ts'

/** What answers over HTTP: a listener, or what listens by itself and tells its port. */
export type Server = (
  | { readonly listener: (request: IncomingMessage, response: ServerResponse) => unknown }
  | { readonly listen: () => Promise<number> }
) & {
  /** What it is asked, made anew before each turn; left out: its page, by people who logged in to it. */
  readonly requests?: () => Promise<Requests>
}

/** What is called in a loop. */
export interface Loop {
  /** Does the work a number of times, and says how often. */
  readonly batch: () => number | Promise<number>
  /** What has to be there for the next batch. It is not measured. */
  readonly ready?: () => void | Promise<void>
}

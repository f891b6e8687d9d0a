import type { IncomingMessage, ServerResponse } from 'node:http'

/** What answers over HTTP. */
export interface Server {
  readonly listener: (request: IncomingMessage, response: ServerResponse) => unknown
}

/** What is called in a loop. */
export interface Loop {
  /** Does the work a number of times, and says how often. */
  readonly batch: () => number | Promise<number>
  /** What has to be there for the next batch. It is not measured. */
  readonly ready?: () => void | Promise<void>
}

import type { Millis } from 'sojourn'

/** One run of a job, under its lease. */
export interface Turn {
  /** Names this run among all there were: what is written by it says so, and what an earlier one writes is refused. */
  readonly holder: string
  readonly fence: number
  /** Says stop: the node closes, or has lost the lease. A job stops between two batches. */
  readonly signal: AbortSignal
}

export interface Done {
  /** How many rows it changed. */
  readonly rows: number
  /** The same in words, for the page. */
  readonly said?: string
}

/** Work that one node does at a time, again and again. It may be cut off anywhere: the next run begins where it was. */
export interface Job {
  readonly name: string
  /** What it does, for the page. */
  readonly says: string
  /** How long after a run the next one is due. */
  readonly every: Millis
  /** Whether there is anything to do, asked without the lease; always, if left out. */
  readonly isDue?: () => Promise<boolean>
  readonly run: (turn: Turn) => Promise<Done>
}

import type { LineMode } from './cached/faulty-line.ts'

/** What a node is told. */
export type Told =
  /** Which session is revoked next, of how many. */
  | { readonly next: number; readonly total: number }
  /** To revoke one, through its cache. */
  | { readonly revoke: number }
  /** That its clock is set. */
  | { readonly set: number }
  /** What becomes of its questions to the feed, and of no others. */
  | { readonly feed: LineMode }
  | { readonly isOver: true }

/** What a node saw, by the clock that all processes of a machine share. */
export interface NodeReport {
  verified: number
  fromMemory: number
  failed: number
  /** Of each session that it said "active" of: when that was asked last, and when the last such answer was judged. */
  readonly active: { [id: string]: { asked: number; judged: number } }
  /** When the revocations that it made were acknowledged. */
  readonly revoked: { [id: string]: number }
  /** In which tenths of a second it judged any session "active". */
  readonly tenths: number[]
}

/** Ways of a revocation, one after the other. */
export const waysToRevoke = ['id', 'subject', 'watermark'] as const

export const sessionId = (index: number): string => `w-${index}`
export const subjectOf = (index: number): string => `u-${index}`

/** The steady clock of the machine: the same in every process, set by nobody, and it goes on while one is stopped. */
export function steadyMillis(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

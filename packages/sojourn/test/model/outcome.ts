import type { EndReason, Session } from '../../src/core/session.ts'
import type { Restoration } from '../../src/engine/restore.ts'
import type { Started } from '../../src/engine/start.ts'
import { Token } from '../../src/engine/token.ts'
import type { Verification } from '../../src/engine/verify.ts'

/** Which sessions an end or a watermark is meant for; all given members must match. */
export interface Aim {
  readonly id?: string
  readonly except?: string
  readonly subject?: string | null
  readonly method?: string
  readonly family?: string
}

/** What came of a command. */
export type Outcome =
  /** `from`: the guest's session that was upgraded, or the one that the login replaced. */
  | { readonly came: 'started'; readonly from: string | null; readonly started: Started }
  | {
      readonly came: 'refused'
      readonly subject: string
      readonly from: string | null
      readonly code: string
    }
  | { readonly came: 'no guest'; readonly id: string; readonly subject: string }
  | {
      readonly came: 'verified'
      readonly token: string
      readonly passive: boolean
      readonly result: Verification
    }
  | { readonly came: 'restored'; readonly refresh: string; readonly result: Restoration }
  | { readonly came: 'restoration refused'; readonly refresh: string; readonly code: string }
  /** `count`: what the session's counter holds now; `more`: by how much the command raised it. */
  | { readonly came: 'written'; readonly id: string; readonly more: number; readonly count: number }
  | { readonly came: 'not written'; readonly id: string; readonly code: string }
  | { readonly came: 'kept alive'; readonly id: string; readonly session: Session | undefined }
  | {
      readonly came: 'ended'
      readonly aim: Aim
      readonly reason: EndReason
      readonly ended: readonly string[]
    }
  | { readonly came: 'voided'; readonly aim: Aim }
  | { readonly came: 'swept'; readonly marked: number; readonly purged: number }
  | {
      readonly came: 'listed'
      readonly state: 'live' | 'ended' | 'any'
      readonly ids: readonly string[]
    }
  | { readonly came: 'nothing' }

/** What two stores must agree on: all but the policy, with the secrets of tokens, which print nothing of themselves. */
export function comparable(value: unknown): unknown {
  if (value instanceof Token) return value.reveal()
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([key]) => key !== 'policy')
  return Object.fromEntries(members.map(([key, member]) => [key, comparable(member)]))
}

import type { AssuranceLevel } from '../core/session.ts'

/** Moments are whole seconds since the Unix epoch, as in RFC 7662. */
export type Introspection =
  | {
      readonly active: true
      readonly token_type: 'session'
      /** Whose session it is. */
      readonly sub: string
      /** The session's public id. */
      readonly sid: string
      readonly iat: number
      /** When it ends if nothing further happens; absent: not by itself. */
      readonly exp?: number
      /** When its person last proved who they are. */
      readonly auth_time?: number
      /** `aal1` to `aal3`, and the same as a number. */
      readonly acr: string
      readonly assurance: AssuranceLevel
      readonly amr: readonly string[]
      readonly method?: string
      readonly roles: readonly string[]
      /** Who acts as `sub`. */
      readonly act?: { readonly sub: string }
    }
  | {
      readonly active: false
      /** For keys with the scope `introspect:reason` alone. */
      readonly reason?: string
      readonly ended_at?: number
    }

export interface IntrospectInput {
  /** Counts as activity of the session's person; nothing is answered from memory then. */
  readonly touch?: boolean
  /** What the person's own request says, where the policy compares it; it also spares the server a read. */
  readonly userAgent?: string
  readonly ip?: string
}

/** The answer as it was said; `undefined`: it is none. Nobody is active without a subject and a session. */
export function readIntrospection(text: string): Introspection | undefined {
  let said: unknown
  try {
    said = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof said !== 'object' || said === null || !('active' in said)) return undefined
  if (said.active === false) return said as Introspection
  const { sub, sid, exp } = said as { readonly [name: string]: unknown }
  const isWhole = typeof sub === 'string' && sub !== '' && typeof sid === 'string' && sid !== ''
  const isInTime = exp === undefined || typeof exp === 'number'
  return said.active === true && isWhole && isInTime ? (said as Introspection) : undefined
}

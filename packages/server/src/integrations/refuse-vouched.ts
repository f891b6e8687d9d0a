import { refuse } from '../answer.ts'
import { clientAddress } from '../exchange.ts'
import type { Asked, Parts } from '../parts.ts'
import { tellFailedSignIn } from '../tell-failed-sign-in.ts'
import type { IntegrationKindName } from './integration.ts'

export interface VouchedRefusal {
  readonly kind: IntegrationKindName
  /** A word for the log. */
  readonly why: string
  /** For the person: what is wrong, and what to do. */
  readonly text: string
  readonly integration?: string
  readonly account?: string
}

/** The page for somebody whom nobody's word lets in, and the line of the log that says why. */
export function refuseVouched(
  asked: Asked,
  parts: Pick<Parts, 'config' | 'log' | 'metrics'>,
  { kind, why, text, ...known }: VouchedRefusal,
): Response {
  const line = { ip: clientAddress(asked, parts), why: `${kind}: ${why}`, ...known }
  tellFailedSignIn(parts, kind, line)
  asked.header('Cache-Control', 'no-store')
  return refuse(asked, 403, 'login_refused', text)
}

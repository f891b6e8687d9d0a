import { type EndReason, endReasons, endSentences } from 'sojourn'
import type { Claimed } from '../webhooks/claim.ts'
import type { Statement } from './statement.ts'

export const sessionRevokedType = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked'

type Initiator = 'admin' | 'user' | 'policy' | 'system'

/** Who is behind an end, in the four words of CAEP. */
const initiators: { readonly [reason in EndReason]: Initiator } = {
  idle_timeout: 'policy',
  absolute_timeout: 'policy',
  user_logout: 'user',
  user_revoked: 'user',
  evicted_by_limit: 'policy',
  admin_revoked: 'admin',
  bulk_revoked: 'admin',
  credential_changed: 'user',
  account_disabled: 'admin',
  fingerprint_mismatch: 'policy',
  token_reuse: 'policy',
  policy_changed: 'policy',
  idp_logout: 'system',
  idp_expired: 'system',
  replaced_at_login: 'user',
  upgraded: 'system',
  remember_restored: 'system',
  watermark: 'admin',
  maintenance: 'system',
}

/** The end of a session by CAEP 1.0. Session and person are named by their public ids. */
export function sessionRevoked({ at, data }: Pick<Claimed, 'at' | 'data'>, issuer: string): Statement {
  const { session, subject, reason } = JSON.parse(data) as { readonly [name: string]: unknown }
  const why = endReasons.find((one) => one === reason) ?? 'maintenance'
  return {
    sub_id: {
      format: 'complex',
      session: { format: 'opaque', id: session },
      user: { format: 'iss_sub', iss: issuer, sub: subject },
    },
    events: {
      [sessionRevokedType]: {
        event_timestamp: Math.floor(at / 1_000),
        initiating_entity: initiators[why],
        reason_admin: { en: why },
        reason_user: { en: endSentences[why] },
      },
    },
  }
}

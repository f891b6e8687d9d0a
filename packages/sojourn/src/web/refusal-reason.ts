import type { FreshnessRefusal } from '../core/assurance.ts'
import type { EndReason } from '../core/session.ts'

/** Why a request is not let through: the reason of the end, that there never was a login, or what the login lacks. */
export type RefusalReason = EndReason | 'login_required' | 'inactive_session' | FreshnessRefusal['reason']

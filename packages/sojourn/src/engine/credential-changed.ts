import { type CredentialChange, endsAtChange } from '../core/credential-change.ts'
import { invalidOption } from '../core/errors.ts'
import type { Session } from '../core/session.ts'
import type { Context } from './context.ts'
import { refuseActing } from './elevate.ts'
import { end } from './end.ts'
import { findActive } from './find.ts'
import { renew, type Renewed } from './renew.ts'

export interface CredentialInput extends Pick<CredentialChange, 'credential' | 'how'> {
  /** The session in which somebody who is logged in makes the change. */
  readonly current?: string
  /** Who made it, where that is somebody else, such as an administrator; the subject if left out. */
  readonly by?: string
}

export interface CredentialChanged {
  readonly ended: readonly Session[]
  /** The session that goes on, under a new token that its client must get; `null`: none does. */
  readonly current: Renewed | null
}

/**
 * What follows from a new password, address, number or factor: the subject's sessions end as `credential_changed`, or all
 * but the current one, by the policy (`onPasswordChange` and the like); after a reset all do. No device of theirs can be
 * restored, and the current session gets a new token. Call it once the change is saved. Throws `acting_as_another` where
 * the current session is that of somebody who acts as the subject; nothing has ended then.
 */
export async function credentialChanged(
  context: Context,
  subject: string,
  { credential, how, current, by = subject }: CredentialInput,
): Promise<CredentialChanged> {
  const live = current === undefined ? undefined : await findActive(context, current)
  if (live !== undefined) {
    if (live.found.session.subject !== subject)
      throw invalidOption('current', 'the id of a session of the subject', current)
    refuseActing(live.found.session)
  }
  const change = { credential, how, current: live?.found.session.id ?? null }
  const { reason, except } = endsAtChange(change, live?.policy ?? context.policies.base)
  context.tell({ type: 'credential.changed', at: context.clock.now(), subject, credential, how })
  const ended = await end(context, except === undefined ? { subject } : { subject, except }, reason, by)
  const renewed = except === undefined ? undefined : await renew(context, except)
  return { ended, current: renewed ?? null }
}

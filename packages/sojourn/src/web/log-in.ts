import { refuseReserved } from '../core/data.ts'
import type { Choice } from '../core/pending-login.ts'
import type { EphemeralMethod } from '../core/remember.ts'
import type { StartInput } from '../engine/start.ts'
import type { RequestSession } from './request-session.ts'

/**
 * How somebody logged in; see `StartInput`. `data`: what is known of them from before, such as a kept cart; a guest's is
 * merged with it by the rules. A method that proves who somebody is for this visit alone is not remembered.
 */
export type LoginInput<Method extends string = string> = Pick<
  StartInput,
  'amr' | 'assurance' | 'app' | 'roles' | 'parent' | 'endsAt' | 'pending' | 'data'
> & { readonly method?: Method; readonly remember?: Method extends EphemeralMethod ? false : boolean }

/** Begins the subject's session in the place of whatever the request had. Nothing has changed where it throws. */
export async function logIn(
  request: RequestSession,
  subject: string,
  how: LoginInput,
): Promise<Choice | null> {
  const { engine, facts } = request
  for (const key of Object.keys(how.data ?? {})) refuseReserved(key)
  await saveGuest(request, how)
  const { current, session: before } = request
  const carried = request.takePending()
  try {
    // What was written for one subject is not another's.
    const mayCarry = before === null || before.subject === null || before.subject === subject
    const data = { ...how.data, ...(mayCarry ? carried?.data() : {}) }
    const input = { ...how, subject, request: facts, data }
    const upgraded = before?.subject === null ? await engine.upgrade(before.id, input) : undefined
    const replaced = before ?? (current.state === 'pending' ? current.session : null)
    const replaces = replaced && { replaces: { id: replaced.id, reason: 'replaced_at_login' as const } }
    const started = upgraded ?? (await engine.start({ ...input, ...replaces }))
    request.adopt(started)
    return started.choice
  } catch (error) {
    request.putBack(carried)
    throw error
  }
}

/** What a guest has written is merged with what was kept for the subject, so it must be the guest's by then. */
async function saveGuest(request: RequestSession, { data }: LoginInput): Promise<void> {
  const { session, isChanged, keeps } = request
  if (session?.subject === null) await request.writeIfLive()
  else if (session === null && data !== undefined && isChanged && keeps) await request.persist()
}

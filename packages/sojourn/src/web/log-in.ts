import type { EphemeralMethod } from '../core/remember.ts'
import type { StartInput } from '../engine/start.ts'
import type { RequestSession } from './request-session.ts'

/** How somebody logged in; see `StartInput`. A method that proves who somebody is for this visit alone is not remembered. */
export type LoginInput<Method extends string = string> = Pick<
  StartInput,
  'amr' | 'assurance' | 'app' | 'roles' | 'parent' | 'actor'
> & { readonly method?: Method; readonly remember?: Method extends EphemeralMethod ? false : boolean }

/** Begins the subject's session in the place of whatever the request had. Nothing has changed where it throws. */
export async function logIn(request: RequestSession, subject: string, how: LoginInput): Promise<void> {
  const { engine, facts, session: before } = request
  if (before?.subject === null) await request.writeIfLive()
  const carried = request.takePending()
  try {
    // What was written for one subject is not another's.
    const mayCarry = before === null || before.subject === null || before.subject === subject
    const data = mayCarry ? (carried?.data() ?? {}) : {}
    const input = { ...how, subject, request: facts, data }
    const upgraded = before?.subject === null ? await engine.upgrade(before.id, input) : undefined
    const replaces = before && { replaces: { id: before.id, reason: 'replaced_at_login' as const } }
    request.adopt(upgraded ?? (await engine.start({ ...input, ...replaces })))
  } catch (error) {
    request.putBack(carried)
    throw error
  }
}

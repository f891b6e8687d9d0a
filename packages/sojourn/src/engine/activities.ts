import {
  activitiesIn,
  activitiesPatch,
  type Activity,
  type ActivityInput,
  readActivity,
} from '../core/activities.ts'
import type { Context } from './context.ts'
import { sessionGone, writeData } from './data.ts'
import { findActive, findOne } from './find.ts'

/**
 * Adds what somebody has just done to a live session and keeps the newest (`activitiesKept`). Requests that run at once
 * lose none. Throws `session_gone` where the session is not live, `invalid_data` where an activity does not fit; nothing
 * is kept then.
 */
export async function addActivities(
  context: Context,
  id: string,
  ...inputs: readonly ActivityInput[]
): Promise<void> {
  const live = await findActive(context, id)
  if (live === undefined) throw sessionGone(id)
  const now = context.clock.now()
  const patch = activitiesPatch(
    inputs.map((input) => readActivity(input, now)),
    live.policy,
  )
  if (patch !== undefined) await writeData(context, id, patch, live.found.data)
}

/** What a session still has of what was done in it, in the order in which it was reported; none once it is minimised. */
export async function listActivities(context: Context, id: string): Promise<readonly Activity[]> {
  const found = await findOne(context, id)
  return found === undefined ? [] : activitiesIn(found.data)
}

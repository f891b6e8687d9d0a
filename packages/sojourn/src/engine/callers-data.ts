import { activitiesKey, readActivity } from '../core/activities.ts'
import { isReserved, refuseReserved } from '../core/data.ts'
import { SessionError } from '../core/errors.ts'
import type { Data, Instant } from '../core/session.ts'
import type { Patch } from '../core/store.ts'

/**
 * A patch as a caller may write it: without keys of the library's own. What was done in a session may be appended, since
 * the web layer gathers it with all else that a request writes; it must be that.
 */
export function callersPatch(patch: Patch, now: Instant): Patch {
  const { set = {}, delete: removed = [], add = {}, append = {} } = patch
  for (const key of [...Object.keys(set), ...removed, ...Object.keys(add)]) refuseReserved(key)
  for (const [key, { items }] of Object.entries(append)) if (isReserved(key)) refuseOther(key, items, now)
  return patch
}

/** The same of what a caller gives to a session that begins. */
export function callersData<Input extends { readonly data?: Data } | undefined>(
  input: Input,
  now: Instant,
): Input {
  for (const [key, value] of Object.entries(input?.data ?? {}))
    if (isReserved(key)) refuseOther(key, value, now)
  return input
}

function refuseOther(key: string, value: unknown, now: Instant): void {
  if (key !== activitiesKey) return refuseReserved(key)
  if (!Array.isArray(value))
    throw new SessionError('invalid_data', `data.${key}: expected a list of activities; nothing was written`)
  for (const activity of value) readActivity(activity, now)
}

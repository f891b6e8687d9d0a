import { readJson } from './data.ts'
import { SessionError } from './errors.ts'
import { count, type Options } from './option.ts'
import type { Data, Instant, Json } from './session.ts'

export interface ActivitiesPolicy {
  /** How many of a session's activities are kept, the newest; 0: none. */
  readonly activitiesKept: number
}

/** Fifty of the longest fit beside what an application keeps. */
const mostKept = 50

export const activitiesOptions = {
  activitiesKept: count(
    30,
    mostKept,
    "How many of a session's activities are kept, the newest; 0 keeps none.",
  ),
} satisfies Options<ActivitiesPolicy>

/** What somebody does within a session. */
export const activityKinds = [
  'page_view',
  'event',
  'social_interaction',
  'ecommerce_transaction',
  'custom',
] as const
export type ActivityKind = (typeof activityKinds)[number]

/** One thing that somebody did. Plain JSON: it lives in the session's data, and goes with it. */
export type Activity = {
  readonly kind: ActivityKind
  readonly at: Instant
  /** What it was, in 1 to 200 characters: a path, an event's name, the number of an order. */
  readonly name: string
  /** Up to 10 plain values that say more. Not for secrets, and not for what identifies a person. */
  readonly data: { readonly [key: string]: string | number | boolean | null }
}

/** An activity as an application reports it: without a moment it was now. */
export type ActivityInput = Pick<Activity, 'kind' | 'name'> & Partial<Pick<Activity, 'at' | 'data'>>

/** What one activity may hold; its length is that of its JSON. */
export const activityLimits = { name: 200, keys: 10, length: 400 } as const

/** Under which key of its data a session keeps them. */
export const activitiesKey = 'sojourn:activities'

/** The activity of an input from anywhere. Throws `invalid_data` with the member that does not fit; nothing is kept then. */
export function readActivity(input: unknown, now: Instant): Activity {
  const { kind, name, at, data } = membersOf(input, 'activity')
  const known = activityKinds.find((each) => each === kind)
  if (known === undefined) throw misfit('kind', `one of ${activityKinds.join(', ')}`)
  if (typeof name !== 'string' || name === '' || name.length > activityLimits.name)
    throw misfit('name', `1 to ${activityLimits.name} characters`)
  const activity = { kind: known, at: momentOf(at, now), name, data: valuesOf(data) }
  if (JSON.stringify(activity).length > activityLimits.length)
    throw misfit('data', `at most ${activityLimits.length} characters of JSON for the whole activity`)
  return Object.freeze(activity)
}

/** The patch that adds activities to a session's data and keeps the newest; `undefined`: the policy keeps none. */
export function activitiesPatch(
  activities: readonly Activity[],
  { activitiesKept }: ActivitiesPolicy,
):
  | { readonly append: { readonly [key: string]: { readonly items: Json[]; readonly most: number } } }
  | undefined {
  if (activitiesKept === 0 || activities.length === 0) return undefined
  return { append: { [activitiesKey]: { items: activities.slice(-activitiesKept), most: activitiesKept } } }
}

/** The activities in a session's data, in the order in which they were reported. */
export function activitiesIn(data: Data): readonly Activity[] {
  const kept = Object.hasOwn(data, activitiesKey) ? data[activitiesKey] : undefined
  return Array.isArray(kept) ? (kept as readonly Activity[]) : []
}

function momentOf(at: unknown, now: Instant): Instant {
  if (at === undefined) return now
  if (typeof at === 'number' && Number.isSafeInteger(at) && at >= 0 && at <= now) return at
  throw misfit('at', 'a moment in milliseconds, not in the future')
}

function valuesOf(data: unknown): Activity['data'] {
  const values = readJson(membersOf(data ?? {}, 'activity.data'), 'activity.data') as Data
  const entries = Object.entries(values)
  if (entries.length > activityLimits.keys) throw misfit('data', `at most ${activityLimits.keys} keys`)
  for (const [key, value] of entries)
    if (typeof value === 'object' && value !== null)
      throw misfit(`data.${key}`, 'a text, a number, true, false or null')
  return values as Activity['data']
}

function membersOf(value: unknown, path: string): { readonly [key: string]: unknown } {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as { readonly [key: string]: unknown }
  throw new SessionError('invalid_data', `${path}: expected a plain object; nothing was kept`)
}

function misfit(member: string, expected: string): SessionError {
  return new SessionError('invalid_data', `activity.${member}: expected ${expected}; nothing was kept`)
}

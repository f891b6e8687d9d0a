import { endReasons } from 'sojourn'
import {
  array,
  boolean,
  type GenericSchema,
  looseObject,
  null_,
  nullable,
  number,
  picklist,
  record,
  strictObject,
  string,
  union,
} from 'valibot'
import { activityKinds } from 'sojourn/core'
import { deviceTypes } from '../filter/filter-term.ts'
import type { SessionView, SessionsView } from '../routes/session-view.ts'

const reason = picklist(endReasons)
/** Milliseconds since the Unix epoch. */
export const moment = number()

export const sessionSchema: GenericSchema<SessionView> = strictObject({
  id: string(),
  is_current: boolean(),
  state: picklist(['pending', 'live', 'restorable', 'over', 'ended']),
  subject: nullable(string()),
  roles: array(string()),
  method: nullable(string()),
  amr: array(string()),
  device: strictObject({ type: picklist(deviceTypes), browser: string(), os: string() }),
  ip: nullable(string()),
  place: nullable(strictObject({ country: nullable(string()), city: nullable(string()), local: boolean() })),
  created_at: moment,
  authenticated_at: nullable(moment),
  last_seen_at: moment,
  last_seen_lag: number(),
  absolute_expires_at: nullable(moment),
  remembered_until: nullable(moment),
  ended_at: nullable(moment),
  end_reason: nullable(reason),
  ended_by: nullable(string()),
})

export const sessionsSchema: GenericSchema<SessionsView> = strictObject({
  sessions: array(sessionSchema),
  cursor: nullable(string()),
})

/** What a client may know of its own session. */
export const statusSchema = strictObject({
  state: picklist(['active', 'guest', 'pending', 'restorable', 'ended', 'none']),
  id: nullable(string()),
  subject: nullable(string()),
  assurance: picklist([0, 1, 2, 3]),
  authenticated_at: nullable(moment),
  idle_expires_at: nullable(moment),
  absolute_expires_at: nullable(moment),
  remembered_until: nullable(moment),
  now: moment,
  reason: nullable(reason),
})

export const choiceSchema = strictObject({
  to_end: number(),
  waits_until: nullable(moment),
  sessions: array(sessionSchema),
})

export const countSchema = strictObject({ ended: number() })

/** What each rule says of a session now. */
const traceSchema = array(
  union([
    strictObject({ rule: string(), finding: nullable(looseObject({ action: string(), reason })) }),
    strictObject({ rule: string(), reason, deadline: nullable(moment) }),
  ]),
)

const placed = { layer: string(), revision: nullable(number()) }

/** Each value that holds, where it comes from, and what it prevails over. */
export const effectiveValuesSchema = array(
  strictObject({
    option: string(),
    value: string(),
    source: strictObject(placed),
    losers: array(strictObject({ value: string(), ...placed })),
  }),
)
export const grantedSchema = strictObject({
  idle_timeout: nullable(number()),
  absolute_expires_at: nullable(moment),
})

const activitySchema = strictObject({
  kind: picklist(activityKinds),
  at: moment,
  name: string(),
  data: record(string(), union([string(), number(), boolean(), null_()])),
})

/** One session with what is around it. */
export const sessionDetailSchema = strictObject({
  session: sessionSchema,
  trace: nullable(traceSchema),
  /** What it stands on, the nearest first, and what stands on it. */
  links: strictObject({
    above: array(sessionSchema),
    below: array(sessionSchema),
    /** False where more stand on it than are listed. */
    complete: boolean(),
  }),
  activities: array(activitySchema),
  policy: strictObject({ values: effectiveValuesSchema, granted: grantedSchema }),
})

import type { Which } from 'sojourn'
import { problem } from 'sojourn/web'
import {
  boolean,
  check,
  type InferOutput,
  integer,
  literal,
  maxLength,
  maxValue,
  minValue,
  number,
  optional,
  pipe,
  regex,
  safeParse,
  strictObject,
  string,
  union,
} from 'valibot'
import { refuse, replyAnswer } from '../answer.ts'
import { type Count, countMatching, endMatching, mostEnded } from '../filter/end-matching.ts'
import { readSessionFilter } from '../filter/read-filter.ts'
import type { Asked, Parts } from '../parts.ts'
import { toldOfEnding } from '../told-of-ending.ts'
import { refuseFilter } from './refuse-filter.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'

const path = '/api/v1/admin/sessions'

/** A line of the administrator's own, for the log. */
const note = optional(pipe(string(), maxLength(200), regex(/^[^\p{Cc}]*$/u)), '')
const except = optional(literal('current'))
/** An empty one would be everybody: that is said by `all`. */
const filter = pipe(string(), regex(/\S/))

/** What to end. At least one member, or `all`: an empty object must not sign everybody out. */
const namedBody = pipe(
  strictObject({
    id: optional(pipe(string(), maxLength(128))),
    subject: optional(pipe(string(), maxLength(256))),
    method: optional(pipe(string(), maxLength(64))),
    unseen_since: optional(pipe(number(), integer(), minValue(0))),
    all: optional(literal(true)),
    except,
    note,
  }),
  check(({ id, subject, method, unseen_since, all }) =>
    [id, subject, method, unseen_since, all].some((value) => value !== undefined),
  ),
)
const matchingBody = strictObject({
  filter,
  /** How many may be ended at most, as the preview told: where more match by now, none is. */
  most: pipe(number(), integer(), minValue(1), maxValue(mostEnded)),
  except,
  note,
})
const endBody = union([matchingBody, namedBody])
const previewBody = strictObject({ filter, except })

const endedSchema = strictObject({
  ended: number(),
  /** How many the filter kept: those that could come back are among them, and had ended before. */
  matched: optional(number()),
})
const previewSchema = strictObject({ count: number(), people: number(), complete: boolean() })

export const apiAdminSessionsEndRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: `${path}/preview`,
    access: 'super-admin',
    body: 'json',
    api: {
      summary: 'How many sessions a filter would end. Nothing is ended.',
      request: previewBody,
      answers: { 200: previewSchema },
    },
    handle: preview,
  },
  {
    method: 'POST',
    path: `${path}/end`,
    access: 'super-admin',
    body: 'json',
    api: {
      summary:
        'Ends one session, those of a person, all, or what a filter keeps where that is no more than expected.',
      request: endBody,
      answers: { 200: endedSchema },
    },
    handle: end,
  },
]

const past = 'filter: as_of looks at the past, where nothing can be ended.'

async function preview(asked: Asked, parts: Parts): Promise<Response> {
  const read = safeParse(previewBody, await bodyOf(asked))
  if (!read.success)
    return refuse(asked, 400, 'invalid_request', 'Expected filter; except: "current" spares this session.')
  const wanted = await readSessionFilter(parts, read.output.filter)
  if ('fault' in wanted) return refuseFilter(asked, wanted.fault)
  if (wanted.isPast) return refuse(asked, 400, 'invalid_request', past)
  return asked.json(await countMatching(parts.sessions, wanted, sparedBy(asked, read.output)))
}

async function end(asked: Asked, parts: Parts): Promise<Response> {
  const read = safeParse(endBody, await bodyOf(asked))
  if (!read.success)
    return refuse(
      asked,
      400,
      'invalid_request',
      `Expected id, subject, method or unseen_since, or all: true, or filter and most (1 to ${mostEnded}); except: "current" spares this session; note.`,
    )
  return 'filter' in read.output
    ? endThoseMatching(asked, parts, read.output)
    : endThoseNamed(asked, parts, read.output)
}

/** Answers with how many were ended. `ended_by` names the administrator on each. */
async function endThoseNamed(
  asked: Asked,
  { sessions, log }: Parts,
  body: InferOutput<typeof namedBody>,
): Promise<Response> {
  const by = signedIn(asked).id
  const which = whichOf(body, sparedBy(asked, body))
  const reason = body.all === true ? 'bulk_revoked' : 'admin_revoked'
  const ended = await sessions.end(which, reason, by)
  toldOfEnding(log, { by, which, reason, count: ended.length, note: body.note })
  return asked.json({ ended: ended.length })
}

async function endThoseMatching(
  asked: Asked,
  parts: Parts,
  body: InferOutput<typeof matchingBody>,
): Promise<Response> {
  const { sessions, log } = parts
  const { most } = body
  const wanted = await readSessionFilter(parts, body.filter)
  if ('fault' in wanted) return refuseFilter(asked, wanted.fault)
  if (wanted.isPast) return refuse(asked, 400, 'invalid_request', past)
  const by = signedIn(asked).id
  const reason = 'bulk_revoked'
  const outcome = await endMatching(sessions, wanted, { most, spared: sparedBy(asked, body), reason, by })
  if (outcome.state === 'more') return refuseMore(asked, outcome.count)
  const { matched, ended } = outcome
  toldOfEnding(log, { by, filter: body.filter, reason, count: ended, matched, note: body.note })
  return asked.json({ ended, matched })
}

function refuseMore(asked: Asked, { count, complete }: Count): Response {
  const detail = complete
    ? 'More sessions match by now than you expected. None was ended: count them again.'
    : 'More sessions match than you expected, or than can be looked at. None was ended: narrow the filter.'
  return replyAnswer(asked, problem(409, 'too_many_match', 'too_many_match', detail, { count, complete }))
}

function bodyOf(asked: Asked): Promise<unknown> {
  return asked.req.json().catch(() => undefined)
}

function sparedBy(asked: Asked, { except: spared }: { readonly except?: 'current' | undefined }) {
  return spared === undefined ? undefined : (asked.var.session.id ?? undefined)
}

function whichOf(body: InferOutput<typeof namedBody>, spared: string | undefined): Which {
  const { id, subject, method, unseen_since } = body
  return {
    ...(id === undefined ? {} : { id }),
    ...(subject === undefined ? {} : { subject }),
    ...(method === undefined ? {} : { method }),
    ...(unseen_since === undefined ? {} : { unseenSince: unseen_since }),
    ...(spared === undefined ? {} : { except: spared }),
  }
}

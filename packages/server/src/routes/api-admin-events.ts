import { digits, object, optional, pipe, safeParse, string, maxLength } from 'valibot'
import { refuse } from '../answer.ts'
import { liveEventSchema, liveEventsSchema } from '../api/event-schemas.ts'
import { lastPosition } from '../outbox/keep-events.ts'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'

const query = object({ after: optional(pipe(string(), digits(), maxLength(15))) })

/** What happens, as it happens: a stream for who accepts one, else the last hundred events. */
export const apiAdminEventsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/admin/events',
    access: 'super-admin',
    passive: true,
    api: {
      summary:
        'What happens to sessions, oldest first: the last hundred, or those after a position. As `text/event-stream` it goes on, and begins after `Last-Event-ID`.',
      query,
      answers: { 200: liveEventsSchema },
      events: liveEventSchema,
    },
    handle: tell,
  },
]

const most = 100

async function tell(asked: Asked, parts: Parts): Promise<Response> {
  if (asked.req.header('accept')?.includes('text/event-stream') === true) return stream(asked, parts)
  const read = safeParse(query, asked.req.query())
  if (!read.success) return refuse(asked, 400, 'invalid_request', 'Expected after: the position of an event.')
  const { after } = read.output
  const from = after === undefined ? (await lastPosition(parts.database)) - most : Number(after)
  const events = await parts.outbox.after(from, most)
  return asked.json({
    events: events.flatMap(({ position, id, type, at, data }) =>
      type === 'webhook.test' ? [] : { position, id, type, at, data },
    ),
  })
}

async function stream(asked: Asked, { live, config }: Parts): Promise<Response> {
  // A page of another site may open a stream, though not read it: it shall not hold one open.
  const origin = asked.req.header('origin')
  const site = asked.req.header('sec-fetch-site') ?? 'none'
  const isOwn = origin === undefined || origin === config.url || site === 'same-origin'
  if (!isOwn || (site !== 'same-origin' && site !== 'none'))
    return refuse(asked, 403, 'cross_site_request', 'This stream is for pages of this server.')
  // Nobody would read it, nor close it.
  if (asked.req.method === 'HEAD') return asked.body(null, 200, streamHeaders)
  const { id } = asked.var.session
  const viewer = id === null ? undefined : { session: id, subject: signedIn(asked).id }
  const drop = (): void => void asked.env.outgoing?.destroy()
  const opened = viewer && (await live.stream(viewer, asked.req.header('last-event-id'), drop))
  if (opened === undefined) {
    asked.header('Retry-After', '30')
    return refuse(asked, 429, 'too_many_streams', 'So many pages of yours show live events already.')
  }
  return asked.body(opened.body, 200, streamHeaders)
}

const streamHeaders = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // A proxy that gathers answers would tell of everything late.
  'X-Accel-Buffering': 'no',
}

import { maxLength, optional, pipe, safeParse, strictObject, string } from 'valibot'
import { returnTo, sessionStatus } from 'sojourn/web'
import { pageAnswer, refuse, seeOther } from '../answer.ts'
import { choiceSchema, statusSchema } from '../api/session-schemas.ts'
import { readForm } from '../form.ts'
import { choose } from '../pages/choose.ts'
import { withReturnTo } from '../pages/field.ts'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'
import { sessionView } from './session-view.ts'

const path = '/login/choose'
const api = '/api/v1/session/choice'

const choiceBody = strictObject({ end: optional(pipe(string(), maxLength(128))) })

/** A sign-in whose credentials were right, and that is over the limit: its person says which of their sessions is to end. */
export const chooseRoutes: readonly Route[] = [
  { method: 'GET', path, access: 'public', handle: showChoice },
  { method: 'POST', path, access: 'public', body: 'form', handle: takeChoice },
  {
    method: 'GET',
    path: api,
    access: 'public',
    passive: true,
    api: {
      summary: 'Which sessions somebody at their limit may end, to complete their sign-in.',
      answers: { 200: choiceSchema },
    },
    handle: tellChoice,
  },
  {
    method: 'POST',
    path: api,
    access: 'public',
    body: 'json',
    api: {
      summary: 'Ends the session that was chosen, and completes the sign-in.',
      request: choiceBody,
      answers: { 200: statusSchema },
    },
    handle: takeJson,
  },
]

/** Where somebody at their limit is sent. */
export function chooseAt(back: string | undefined): string {
  return withReturnTo(path, back)
}

const gone = 'That session has ended already, or is none of yours. Choose another one.'
const notWaiting = 'No sign-in waits for a choice here, or it has waited for too long. Sign in again.'

async function showChoice(asked: Asked, parts: Parts): Promise<Response> {
  return page(asked, parts, returnTo(asked.req.query('return_to')))
}

async function takeChoice(asked: Asked, parts: Parts): Promise<Response> {
  const field = await readForm(asked)
  const back = returnTo(field('return_to'))
  const outcome = await asked.var.session.choose(field('end') || undefined)
  switch (outcome) {
    case 'logged_in':
      return seeOther(asked, back ?? '/')
    case 'asked_again':
      return seeOther(asked, chooseAt(back))
    case 'not_found':
      return page(asked, parts, back, gone)
    case 'not_waiting':
      return leadOn(asked, back)
  }
}

async function page(asked: Asked, { sessions, places }: Parts, back: string | undefined, error?: string) {
  const choice = await asked.var.session.choice()
  if (choice === null) return leadOn(asked, back)
  const markup = choose({
    choice,
    now: sessions.now(),
    returnTo: back,
    error,
    placeOf: await places.of(choice.sessions),
    placesAbout: places.about,
  })
  return pageAnswer(asked, markup, error === undefined ? 200 : 404)
}

/** Whoever is signed in by now goes on; the others begin anew. */
export function leadOn(asked: Asked, back: string | undefined): Response {
  if (asked.var.session.isLoggedIn) return seeOther(asked, back ?? '/')
  const query = new URLSearchParams({
    reason: 'login_waited',
    ...(back === undefined ? {} : { return_to: back }),
  })
  return seeOther(asked, `/login?${query.toString()}`)
}

/** How many to end, of which, and until when the sign-in waits. */
async function tellChoice(asked: Asked, { sessions, places }: Parts): Promise<Response> {
  const { session } = asked.var
  const choice = await session.choice()
  if (choice === null) return refuse(asked, 404, 'not_waiting', notWaiting)
  const now = sessions.now()
  const placeOf = await places.of(choice.sessions)
  return asked.json({
    to_end: choice.toEnd,
    waits_until: session.waiting?.until ?? null,
    sessions: choice.sessions.map((one) => sessionView(one, null, now, placeOf)),
  })
}

/** Ends what was chosen. Answers with the status of the session that has begun, or with 409 where there is more to end. */
async function takeJson(asked: Asked, { sessions }: Parts): Promise<Response> {
  const read = safeParse(choiceBody, await asked.req.json().catch(() => undefined))
  if (!read.success)
    return refuse(asked, 400, 'invalid_request', 'Expected end: the id of a session; {} where there is room.')
  const { session } = asked.var
  const outcome = await session.choose(read.output.end)
  switch (outcome) {
    case 'logged_in':
      return asked.json(sessionStatus(session, sessions.now()))
    case 'asked_again':
      return refuse(asked, 409, 'choose_again', 'There is another session to end: ask for the choice again.')
    case 'not_found':
      return refuse(asked, 404, 'not_found', gone)
    case 'not_waiting':
      return refuse(asked, 404, 'not_waiting', notWaiting)
  }
}

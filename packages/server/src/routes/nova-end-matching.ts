import { frameOf, pageAnswer, refuse, seeOther } from '../answer.ts'
import { countMatching, endMatching, mostEnded } from '../filter/end-matching.ts'
import { readSessionFilter } from '../filter/read-filter.ts'
import { readForm } from '../form.ts'
import { endMatching as endMatchingPage } from '../pages/end-matching.ts'
import type { Asked, Parts } from '../parts.ts'
import { toldOfEnding } from '../told-of-ending.ts'
import { noteOf } from './note-in.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'

const list = '/nova/resources/auth-sessions'

/** Ends what a filter keeps: first the count, then, with it as the bound, the end. */
export const novaEndMatchingRoutes: readonly Route[] = [
  { method: 'POST', path: `${list}/end`, access: 'super-admin', body: 'form', handle: take },
]

async function take(asked: Asked, parts: Parts): Promise<Response> {
  const { sessions, log } = parts
  const field = await readForm(asked)
  const text = field('filter').trim()
  const note = noteOf(field('note'))
  const filter = await readSessionFilter(parts, text)
  if (text === '' || note === undefined || 'fault' in filter || filter.isPast)
    return refuse(
      asked,
      400,
      'invalid_request',
      'Expected a filter that reads, not of the past, and a note of one line.',
    )
  const spared = asked.var.session.id ?? undefined
  const most = /^\d{1,5}$/.test(field('most')) ? Number(field('most')) : 0
  const ask = async (isMore: boolean) => {
    const count = await countMatching(sessions, filter, spared)
    const markup = endMatchingPage({ ...frameOf(asked), filter: text, count, isMore })
    return pageAnswer(asked, markup, isMore ? 409 : 200)
  }
  if (most < 1 || most > mostEnded) return ask(false)
  const by = signedIn(asked).id
  const reason = 'bulk_revoked'
  const outcome = await endMatching(sessions, filter, { most, spared, reason, by })
  if (outcome.state === 'more') return ask(true)
  const { matched, ended } = outcome
  toldOfEnding(log, { by, filter: text, reason, count: ended, matched, note })
  return seeOther(asked, `${list}?${new URLSearchParams({ filter: text, ended: String(ended) }).toString()}`)
}

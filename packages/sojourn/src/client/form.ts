import type { FormVerdict } from '../core/form.ts'
import type { Fetch } from './refresh.ts'

/** What became of a page of a form that was sent. */
export type SentForm =
  | { readonly verdict: 'in_time'; readonly answer: Response }
  | {
      readonly verdict: Exclude<FormVerdict, 'in_time'>
      /** The sentence for the person, as the server words it; `null`: it gave none. */
      readonly message: string | null
      readonly answer: Response
    }

/**
 * Sends a page of a form from where it stands, so that what was typed stays in the fields until the server has taken it. A
 * page that comes too late (`form_timeout`) and one whose session has ended (`session_lost`) are told apart by the server's
 * word; a refusal because nobody is signed in is the latter. Nothing is judged here: a page is late when the server says so.
 */
export async function sendForm(fetch: Fetch, url: string | URL, answers: URLSearchParams): Promise<SentForm> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { Accept: 'application/json' },
    body: answers,
  })
  const { error, message } = await said(answer)
  if (error === 'form_timeout') return { verdict: 'form_timeout', message, answer }
  if (error === 'session_lost' || error === 'login_required' || error === 'inactive_session')
    return { verdict: 'session_lost', message, answer }
  return { verdict: 'in_time', answer }
}

/** What a refusal says; an answer that is none says nothing. */
async function said(
  answer: Response,
): Promise<{ readonly error?: unknown; readonly message: string | null }> {
  const isJson = /^application\/(?:[\w.-]+\+)?json\b/.test(answer.headers.get('content-type') ?? '')
  if (answer.ok || !isJson) return { message: null }
  try {
    const { error, message, detail } = (await answer.clone().json()) as { readonly [name: string]: unknown }
    const words = message ?? detail
    return { error, message: typeof words === 'string' ? words : null }
  } catch {
    return { message: null }
  }
}

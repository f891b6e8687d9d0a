import { sendForm, type SentForm } from '../form.ts'
import type { Fetch } from '../refresh.ts'

/**
 * Sends a page of a form by script, so that the answers stay in its fields until the server has taken them. One that was
 * not taken says why in `[data-form-refusal]` of the form, which is a live region; one that was goes where the server leads.
 * Without script the form is sent as ever, and the server keeps the answers.
 */
export function holdAnswers(
  form: HTMLFormElement,
  fetch: Fetch,
  onTaken: (answer: Response) => void = follow,
): void {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void send(form, event.submitter, fetch).then((sent) => {
      if (sent?.verdict === 'in_time') onTaken(sent.answer)
    })
  })
}

async function send(
  form: HTMLFormElement,
  submitter: HTMLElement | null,
  fetch: Fetch,
): Promise<SentForm | undefined> {
  const answers = new URLSearchParams()
  for (const [field, answer] of new FormData(form, submitter))
    if (typeof answer === 'string') answers.append(field, answer)
  const place = form.querySelector('[data-form-refusal]')
  if (place !== null) place.textContent = ''
  try {
    const sent = await sendForm(fetch, form.action, answers)
    if (sent.verdict === 'in_time') return sent
    if (place !== null) place.textContent = sent.message ?? english[sent.verdict]
    return sent
  } catch {
    if (place !== null) place.textContent = english.unsent
    return undefined
  }
}

function follow(answer: Response): void {
  location.assign(answer.url)
}

const english = {
  form_timeout: 'This page was open for too long, so it was not sent. What you entered still stands here.',
  session_lost: 'Your session has ended, so this page was not sent. What you entered still stands here.',
  unsent: 'The server could not be reached, so this page was not sent. What you entered still stands here.',
}

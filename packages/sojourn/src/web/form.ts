import { SessionError } from '../core/errors.ts'
import { draftFor, draftOf, type FormAnswer, type FormDraft } from '../core/form-draft.ts'
import {
  formAfter,
  formDeadline,
  type FormPolicy,
  type FormState,
  type FormVerdict,
  judgeForm,
  readFormState,
} from '../core/form.ts'
import type { Data, Instant, Json } from '../core/session.ts'
import { formSentences } from '../core/words.ts'
import type { RequestSession } from './request-session.ts'

/** A page's answers: of a `URLSearchParams`, of pairs, or by field, as parsers of bodies give them. */
export type FormAnswers =
  | Iterable<FormAnswer>
  | { readonly [field: string]: string | readonly string[] | undefined }

/** `in_time`: take the answers. Else they were not taken: show the sentence, and the draft in the fields. */
export type FormOutcome =
  | { readonly verdict: 'in_time' }
  | {
      readonly verdict: Exclude<FormVerdict, 'in_time'>
      readonly sentence: string
      readonly draft: FormDraft
    }

/** What stands behind a page that is submitted. */
interface Behind {
  readonly state: FormState | undefined
  readonly endedAt: Instant | null
  readonly subject: string | null
  readonly policy: FormPolicy
}

/**
 * One form of several pages, as the request's session knows it. The first page that is answered starts it; from then on
 * each page has the time of the policy's `formTimeout`, counted from the page before.
 */
export class VisitForm {
  readonly #request: RequestSession
  readonly #stateKey: string
  readonly #draftKey: string

  constructor(request: RequestSession, name: string) {
    this.#request = request
    this.#stateKey = `form:${name}:state`
    this.#draftKey = `form:${name}:draft`
  }

  /** The last moment at which the next page is in time; `null`: it was not started, or may take as long as the session. */
  get deadline(): Instant | null {
    const state = readFormState(this.#request.read(this.#stateKey))
    return state === undefined ? null : formDeadline(state, this.#request.policy)
  }

  /** The answers of a page that was not taken, for whoever gave them; `null`: there are none. */
  get draft(): FormDraft | null {
    const { session } = this.#request
    return draftFor(this.#request.read(this.#draftKey), session?.subject ?? null) ?? null
  }

  /**
   * Judges a page by the moment of its submission, and keeps the answers of one that is not taken. Pages count from 1.
   * `secrets`: the fields that are never kept. Throws `invalid_data` where the page is no page.
   */
  async submit(
    page: number,
    answers: FormAnswers,
    { secrets = [] }: { readonly secrets?: readonly string[] } = {},
  ): Promise<FormOutcome> {
    if (!Number.isSafeInteger(page) || page < 1)
      throw new SessionError('invalid_data', 'form.submit: expected the number of a page, from 1')
    const behind = await this.#behind()
    const now = this.#request.engine.now()
    const verdict = judgeForm({ page, ...behind }, behind.policy, now)
    if (verdict !== 'in_time') {
      const { subject } = behind
      const draft = draftOf({ subject, page, answers: pairsOf(answers), secrets }, now)
      this.#keep(draft)
      return { verdict, sentence: formSentences[verdict], draft }
    }
    this.#set(this.#stateKey, formAfter({ page, state: behind.state }, now))
    if (this.draft?.page === page) this.#request.pending.delete(this.#draftKey)
    return { verdict }
  }

  /** Forgets the form: it was sent whole, or given up. */
  close(): void {
    for (const key of [this.#stateKey, this.#draftKey])
      if (this.#request.read(key) !== undefined) this.#request.pending.delete(key)
  }

  async #behind(): Promise<Behind> {
    const { current, engine, session, policy } = this.#request
    if (current.state !== 'ended') {
      const state = readFormState(this.#request.read(this.#stateKey))
      return { state, endedAt: null, subject: session?.subject ?? null, policy }
    }
    const { id, subject, app, roles, method } = current.session
    const data: Data = (await engine.data.read(id)) ?? {}
    const kept = Object.hasOwn(data, this.#stateKey) ? data[this.#stateKey] : undefined
    return {
      state: readFormState(kept),
      endedAt: current.endedAt,
      subject,
      policy: engine.policyFor({ app, roles, method }).policy,
    }
  }

  #keep(draft: FormDraft): void {
    try {
      this.#set(this.#draftKey, draft)
    } catch (error) {
      // There is no room beside what the session holds: the page at hand still shows them.
      if (!(error instanceof SessionError) || error.code !== 'data_too_large') throw error
    }
  }

  #set(key: string, value: Json): void {
    this.#request.pending.set(key, value, this.#request.known)
  }
}

function pairsOf(answers: FormAnswers): Iterable<FormAnswer> {
  if (Symbol.iterator in answers) return answers as Iterable<FormAnswer>
  return Object.entries(answers).flatMap(([field, given = []]) =>
    [given].flat().map((answer): FormAnswer => [field, answer]),
  )
}

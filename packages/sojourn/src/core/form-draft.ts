import type { Instant, Json } from './session.ts'

/** One answer by the name of its field, as a form sends it: a field that was answered twice stands there twice. */
export type FormAnswer = readonly [field: string, answer: string]

/**
 * The answers of a page that was late, kept so that nobody types them again. They are a draft: nothing was submitted, and
 * they count only once the person sends them anew. Plain JSON.
 */
export type FormDraft = {
  /** Whose answers they are; `null`: a guest's, who is whoever holds the session. */
  readonly subject: string | null
  readonly page: number
  readonly savedAt: Instant
  readonly answers: readonly FormAnswer[]
  /** Fields that could not be kept: they are secrets, or too long. The person has to be told. */
  readonly omitted: readonly string[]
}

/** What a draft may hold, in UTF-16 units of its fields and answers. */
export const longestDraft = 16_384

export interface DraftInput {
  readonly subject: string | null
  readonly page: number
  readonly answers: Iterable<FormAnswer>
  /** Fields that are never kept: passwords, codes, numbers of cards. */
  readonly secrets: readonly string[]
}

/** The draft of a page: all its answers but the secrets, in their order, as long as there is room. */
export function draftOf({ subject, page, answers, secrets }: DraftInput, now: Instant): FormDraft {
  const kept: FormAnswer[] = []
  const omitted = new Set<string>()
  let room = longestDraft
  for (const [field, answer] of answers) {
    const size = field.length + answer.length
    if (secrets.includes(field) || size > room) omitted.add(field)
    else {
      kept.push([field, answer])
      room -= size
    }
  }
  return { subject, page, savedAt: now, answers: kept, omitted: [...omitted] }
}

/**
 * A kept draft, for the one whose answers they are: on a shared computer the next to sign in must not read them. A guest's
 * draft belongs to whoever goes on in the same session.
 */
export function draftFor(kept: Json | undefined, subject: string | null): FormDraft | undefined {
  const draft = kept as FormDraft | undefined
  if (typeof draft !== 'object' || draft === null || !Array.isArray(draft.answers)) return undefined
  return draft.subject === null || draft.subject === subject ? draft : undefined
}

import { endReasons, type ListInput } from 'sojourn'
import {
  maxLength,
  object,
  optional,
  picklist,
  pipe,
  safeParse,
  string,
  union,
  literal,
  transform,
  type InferOutput,
} from 'valibot'
import type { Asked, Parts } from '../parts.ts'

/** A form sends what was left empty as an empty text. */
const empty = pipe(
  literal(''),
  transform(() => undefined),
)
const text = (most: number) => optional(union([empty, pipe(string(), maxLength(most))]))

export const listQuery = object({
  subject: text(256),
  state: optional(union([empty, picklist(['live', 'restorable', 'ended', 'any'])])),
  reason: optional(union([empty, picklist(endReasons)])),
  method: text(64),
})
export type SessionFilter = InferOutput<typeof listQuery>

/** What an administrator's list is filtered by, as the query says; `undefined` where it says something else. */
export function readFilter(asked: Asked): SessionFilter | undefined {
  const read = safeParse(listQuery, asked.req.query())
  return read.success ? read.output : undefined
}

/** The same for the library. A subject may be given by its e-mail address; somebody unknown has no sessions. */
export async function listInput({ accounts }: Parts, filter: SessionFilter): Promise<ListInput> {
  const { subject, method, reason, state } = filter
  const account = subject?.includes('@') ? await accounts.findByEmail(subject) : undefined
  return {
    ...(subject === undefined ? {} : { subject: account?.id ?? subject }),
    ...(method === undefined ? {} : { method }),
    ...(reason === undefined ? {} : { reason }),
    // A reason is one of an end.
    state: state ?? (reason === undefined ? 'live' : 'ended'),
  }
}

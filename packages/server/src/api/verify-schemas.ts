import {
  array,
  boolean,
  literal,
  maxLength,
  number,
  object,
  optional,
  picklist,
  pipe,
  strictObject,
  string,
  union,
} from 'valibot'

/** What a proxy may ask for; `role` and `passive` may stand several times. */
export const verifyQuery = object({
  redirect: optional(literal('1')),
  role: optional(string()),
  assurance: optional(picklist(['1', '2', '3'])),
  maxAge: optional(string()),
  passive: optional(string()),
})

export const introspectBody = strictObject({
  token: pipe(string(), maxLength(4_096)),
  /** Counts as activity of the session's person. */
  touch: optional(boolean(), false),
  /** What the person's own request says, where the policy compares it. */
  user_agent: optional(pipe(string(), maxLength(4_096))),
  ip: optional(pipe(string(), maxLength(45))),
})

/** In whole seconds since the Unix epoch, as RFC 7662 has it. */
const seconds = number()

export const introspectionSchema = union([
  strictObject({
    active: literal(true),
    token_type: literal('session'),
    sub: string(),
    sid: string(),
    iat: seconds,
    exp: optional(seconds),
    auth_time: optional(seconds),
    acr: string(),
    amr: array(string()),
    assurance: picklist([0, 1, 2, 3]),
    method: optional(string()),
    roles: array(string()),
    act: optional(strictObject({ sub: string() })),
  }),
  strictObject({
    active: literal(false),
    /** For keys with the scope `introspect:reason` alone. */
    reason: optional(string()),
    ended_at: optional(seconds),
  }),
])

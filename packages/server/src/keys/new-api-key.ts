import {
  array,
  integer,
  maxLength,
  maxValue,
  minLength,
  minValue,
  nullable,
  number,
  optional,
  picklist,
  pipe,
  regex,
  strictObject,
  string,
  trim,
  type InferOutput,
} from 'valibot'
import { day } from 'sojourn/core'
import { scopeNames } from './scopes.ts'

/** A hundred a second, for each node. */
export const usualRate = 6_000

const name = pipe(
  string(),
  trim(),
  minLength(1, 'Expected a name: which back end has the key.'),
  maxLength(100, 'Expected a name of at most 100 characters.'),
  regex(/^\P{Cc}*$/u, 'Expected a name without control characters.'),
)

const span = pipe(number(), integer(), minValue(1), maxValue(3_650 * day))

/** What a key is made of. */
export const newApiKeySchema = strictObject({
  name,
  scopes: pipe(
    array(picklist(scopeNames)),
    minLength(1, 'Expected at least one scope.'),
    maxLength(scopeNames.length),
  ),
  /** Milliseconds until it expires; `null`: it does not. */
  expires_in: optional(nullable(span), null),
  /** Requests a minute that one node answers. */
  rate: optional(pipe(number(), integer(), minValue(1), maxValue(1_000_000)), usualRate),
})
export type NewApiKey = InferOutput<typeof newApiKeySchema>

/** How long the key before works on, while the new one is being put in its place. */
export const usualOverlap = day
export const longestOverlap = 30 * day

export const rotationSchema = strictObject({
  /** Milliseconds; 0: the old one is dead at once. */
  overlap: optional(pipe(number(), integer(), minValue(0), maxValue(longestOverlap)), usualOverlap),
})

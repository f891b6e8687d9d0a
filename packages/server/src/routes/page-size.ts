import { integer, maxValue, minValue, object, optional, pipe, string, toNumber } from 'valibot'

/** How many of a list an API answers at once. */
export const pageSize = object({
  limit: optional(pipe(string(), toNumber(), integer(), minValue(1), maxValue(1_000)), '50'),
})

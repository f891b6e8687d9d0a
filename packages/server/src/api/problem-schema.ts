import { integer, looseObject, number, pipe, string } from 'valibot'

/** What every refusal tells a program (RFC 9457), with whatever more it may need. */
export const problemSchema = looseObject({
  type: string(),
  status: pipe(number(), integer()),
  error: string(),
  reason: string(),
  detail: string(),
})

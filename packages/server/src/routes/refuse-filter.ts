import { problem } from 'sojourn/web'
import { replyAnswer } from '../answer.ts'
import type { FilterFault } from '../filter/filter-term.ts'
import { faultSentence } from '../filter/parse-filter.ts'
import type { Asked } from '../parts.ts'

/** 400 for a program whose filter does not read: where (characters from 0), what was expected there, and what came. */
export function refuseFilter(asked: Asked, fault: FilterFault): Response {
  const { at, expected, got } = fault
  const detail = `filter: ${faultSentence(fault)}.`
  return replyAnswer(asked, problem(400, 'invalid_filter', 'invalid_filter', detail, { at, expected, got }))
}

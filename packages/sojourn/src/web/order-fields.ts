import type { Visit } from './visit.ts'

/**
 * The additional fields of an order, with the visitor who places it as `visitor_uid`. It is a copy: the order keeps it when
 * the browser later gets another. Call it where the order is made, before the answer leaves.
 */
export function withVisitorUid<Fields extends object>(
  visit: Visit<object>,
  fields?: Fields,
): Fields & { readonly visitor_uid: string } {
  return { ...(fields as Fields), visitor_uid: visit.visitorUid }
}

import type { Asked } from '../parts.ts'

/**
 * Whether a person's browser opens a page of its own by this request, so that it may sign them in without a form: no image
 * or frame of another page, no script, no page that is fetched ahead, no HEAD. Another site's link is one: it is how people
 * come. A client that says nothing of all this is no browser of today, and is asked by a button, or refused.
 */
export function isNavigation({ req }: Asked): boolean {
  const ahead = [req.header('sec-purpose'), req.header('purpose'), req.header('x-moz')]
  return (
    req.method === 'GET' &&
    req.header('sec-fetch-mode') === 'navigate' &&
    req.header('sec-fetch-dest') === 'document' &&
    !ahead.some((purpose) => purpose?.includes('prefetch') === true)
  )
}

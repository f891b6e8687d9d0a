import { frameOf, showsPages } from './answer.ts'
import { isMessageStatus, message, type MessageKind } from './pages/message.ts'
import type { Asked } from './parts.ts'

interface Problem {
  readonly status: number
  readonly error: string
  readonly reason: string
}

/**
 * Shows a person as a page what the library refuses in JSON before a route or after it: another site's request, a store
 * that is down. What the refusal says to machines, its status and its headers, stays.
 */
export async function problemPages(asked: Asked, next: () => Promise<void>): Promise<void> {
  await next()
  const refusal = asked.res
  if (refusal.headers.get('content-type') !== 'application/problem+json' || !showsPages(asked)) return
  const kind = kindOf((await refusal.json()) as Problem)
  const markup = message({ ...frameOf(asked), kind })
  const headers = { 'Content-Type': 'text/html; charset=UTF-8' }
  // Hono gives the answer that takes a place the other headers of the one that was there.
  asked.res = new Response(markup, { status: refusal.status, headers })
}

function kindOf({ status, error, reason }: Problem): MessageKind {
  if (reason === 'origin_missing') return 'no-origin'
  if (error === 'cross_site_request') return 'cross-site'
  if (reason === 'retry') return 'renewed'
  return isMessageStatus(status) ? status : 500
}

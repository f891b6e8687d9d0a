import type { StatusCode } from 'hono/utils/http-status'
import type { Reply } from 'sojourn/web'
import { problem, wantsPage } from 'sojourn/web'
import { exchangeOf } from './exchange.ts'
import { message, type MessageStatus } from './pages/message.ts'
import type { Frame, Viewer } from './pages/page.ts'
import type { Asked } from './parts.ts'

/** A page, with whatever the session has put on the answer. */
export function pageAnswer(asked: Asked, page: string, status: 200 | MessageStatus = 200): Response {
  return asked.html(page, status)
}

/** Goes on elsewhere with GET. `location` is ours, or has passed `returnTo`. */
export function seeOther(asked: Asked, location: string): Response {
  return asked.redirect(location, 303)
}

/** What went wrong: a page for whoever shows one, problem details (RFC 9457) for programs. */
export function refuse(
  asked: Asked,
  status: MessageStatus,
  error: string,
  detail: string,
  reason: string = error,
): Response {
  if (showsPages(asked))
    return pageAnswer(asked, message({ ...frameOf(asked), kind: status, text: detail }), status)
  return replyAnswer(asked, problem(status, error, reason, detail))
}

/** A reply of the library, without losing what stands on the answer already. */
export function replyAnswer(asked: Asked, { status, headers, body }: Reply): Response {
  asked.status(status as StatusCode)
  return asked.body(body, undefined, Object.fromEntries(headers))
}

/** Whether the request is for somebody who looks at pages. The API never is. */
export function showsPages(asked: Asked): boolean {
  return !asked.req.path.startsWith('/api/') && wantsPage(exchangeOf(asked))
}

/** What every page shows of whoever looks at it. */
export function frameOf(asked: Asked): Frame {
  const viewer = viewerOf(asked)
  return viewer === undefined ? {} : { viewer }
}

function viewerOf(asked: Asked): Viewer | undefined {
  const { account, session } = asked.var
  if (account === undefined || !session.isLoggedIn) return undefined
  return {
    name: account.name,
    isAdmin: account.roles.includes('super-admin'),
    isStoreAdmin: account.roles.includes('store-admin'),
    // On a device that is remembered the person stays, whatever becomes of the session.
    expiresAt: typeof session.session?.rememberedUntil === 'number' ? null : session.expiresAt,
    watch: { subject: account.id, expires: session.expires },
  }
}

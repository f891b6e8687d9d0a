import { watchPage } from './watch-page.ts'

/**
 * For pages that a server writes: runs by itself, on what stands in
 * `<meta name="sojourn-session" content="…" data-subject="…" data-status="…" data-keep-alive="…" data-sign-out="…" data-login="…">`,
 * whose content is the value of `Session-Expires`. Without `data-subject` nobody is signed in.
 */
const meta = document.querySelector<HTMLMetaElement>('meta[name="sojourn-session"]')
if (meta !== null) {
  const { subject, status, keepAlive, signOut, login, warnBefore } = meta.dataset
  watchPage(subject === undefined ? null : { subject, expires: meta.content }, {
    statusPath: status ?? '/api/v1/session',
    keepAlivePath: keepAlive ?? '/api/v1/session/keep-alive',
    signOutPath: signOut ?? '/logout',
    loginPath: login ?? '/login',
    ...(warnBefore === undefined ? {} : { warnBefore: Number(warnBefore) }),
  })
}

import type { Session } from 'sojourn'
import { type Account, sessionRoles } from '../accounts/account.ts'

/**
 * What an application behind a proxy is told of whoever asks. All of them are on every 200, empty where there is nothing to
 * say: a proxy that copies them leaves none that a client made up. Never a token. And that nobody keeps it.
 */
export function sessionHeaders(session: Session, account: Account): Record<string, string> {
  return {
    'Cache-Control': 'no-store',
    'X-Sojourn-Subject': written(account.id),
    'X-Sojourn-Session': session.id,
    'X-Sojourn-Assurance': String(session.assurance),
    'X-Sojourn-Method': written(session.method ?? ''),
    'X-Sojourn-Roles': sessionRoles(account).map(written).join(','),
    'X-Sojourn-Actor': written(session.actor ?? ''),
  }
}

/** Percent-encoded where it has anything but visible ASCII, a comma or a percent sign: what a header cannot carry as it is. */
function written(text: string): string {
  return /^[\x21-\x7e]*$/.test(text) && !/[%,]/.test(text) ? text : encodeURIComponent(text.toWellFormed())
}

import type { Session, SessionEvent } from 'sojourn'
import type { Logger, LogFields } from './logger.ts'

/** Every transition of a session as one line: public ids, who, why, from where. Never a token. */
export function audit(log: Logger): (event: SessionEvent) => void {
  return (event) => {
    const { type, at, ...fields } = event
    const known = 'session' in event ? about(event.session) : {}
    const said = Object.entries(fields).filter(([, value]) => value === null || typeof value !== 'object')
    const more = event.type === 'refresh.reused' ? bothBrowsers(event) : {}
    const predecessor = 'predecessor' in event ? { predecessor: event.predecessor.id } : {}
    const line = { event: type, at: new Date(at).toISOString(), ...known, ...predecessor }
    log.info({ ...line, ...Object.fromEntries(said), ...more }, type)
  }
}

/** Where an event brings an address of its own, `session_ip` still says where the session was started. */
function about({ id, subject, ip, endedBy }: Session): LogFields {
  return { session: id, subject, ip, session_ip: ip, ...(endedBy === null ? {} : { by: endedBy }) }
}

/** The one that spent the refresh token first, and the one that came with it now: which of them is the thief's nobody can know here. */
function bothBrowsers({ session, userAgent }: SessionEvent & { readonly type: 'refresh.reused' }): LogFields {
  return { userAgent: userAgent?.slice(0, longest) ?? null, session_userAgent: session.userAgent }
}

/** What came is the client's own word, and as long as it likes. */
const longest = 512

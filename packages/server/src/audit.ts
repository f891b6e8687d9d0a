import type { Session, SessionEvent } from 'sojourn'
import type { Logger, LogFields } from './logger.ts'

/** Every transition of a session as one line: public ids, who, why, from where. Never a token. */
export function audit(log: Logger): (event: SessionEvent) => void {
  return (event) => {
    const { type, at, ...fields } = event
    const known = 'session' in event ? about(event.session) : {}
    const said = Object.entries(fields).filter(([, value]) => value === null || typeof value !== 'object')
    const predecessor = 'predecessor' in event ? { predecessor: event.predecessor.id } : {}
    log.info(
      { event: type, at: new Date(at).toISOString(), ...known, ...predecessor, ...Object.fromEntries(said) },
      type,
    )
  }
}

/** Where an event brings an address of its own, `session_ip` still says where the session was started. */
function about({ id, subject, ip, endedBy }: Session): LogFields {
  return { session: id, subject, ip, session_ip: ip, ...(endedBy === null ? {} : { by: endedBy }) }
}

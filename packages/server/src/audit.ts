import type { SessionEvent } from 'sojourn'
import type { Logger } from './logger.ts'

/** Every transition of a session as one line: public ids, who, why, from where. Never a token. */
export function audit(log: Logger): (event: SessionEvent) => void {
  return (event) => {
    const { type, at, ...rest } = event
    const { session, ...others } = { session: undefined, ...rest }
    log.info(
      {
        event: type,
        at: new Date(at).toISOString(),
        ...(session === undefined
          ? {}
          : { session: session.id, subject: session.subject, ip: session.ip, by: session.endedBy }),
        ...others,
      },
      type,
    )
  }
}

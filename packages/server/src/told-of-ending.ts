import type { LogFields, Logger } from './logger.ts'

/** One line of the log for what an administrator ended: who, which, why, how many, and what they noted. */
export function toldOfEnding(
  log: Logger,
  what: LogFields & { readonly by: string; readonly note: string; readonly count: number },
): void {
  log.info({ event: 'sessions.revoked', ...what }, 'an administrator ended sessions')
}

import type { PolicyLayer } from '../policy.ts'

/** A back office: out after an hour of inactivity, one session an administrator. */
export const aurora = {
  idleTimeout: '60m',
  absoluteTimeout: '24h',
  roles: { administrator: { limit: 1, onExceed: 'evict-oldest-inactive' } },
} as const satisfies PolicyLayer

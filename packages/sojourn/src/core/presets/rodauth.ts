import type { PolicyLayer } from '../policy.ts'

/** Active sessions: listed ids, a day of inactivity, thirty days in all. */
export const rodauth = {
  idleTimeout: '1d',
  absoluteTimeout: '30d',
  limit: 'unlimited',
  sweepOnTouch: true,
} as const satisfies PolicyLayer

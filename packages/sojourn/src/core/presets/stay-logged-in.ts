import type { PolicyLayer } from '../policy.ts'

/** A platform for people: two hours of inactivity, many devices, guests who expire quickly. */
export const stayLoggedIn = {
  idleTimeout: '2h',
  guestIdleTimeout: '30m',
  absoluteTimeout: '30d',
  limit: 'unlimited',
  onExceed: 'evict-oldest-inactive',
  retention: '30d',
} as const satisfies PolicyLayer

import type { PolicyLayer } from '../policy.ts'

/** A content-management system: short sessions under a server-wide ceiling, bound to the exact browser, forms with a timer. */
export const jadu = {
  idleTimeout: '15m',
  idleTimeoutMax: '24m',
  guestIdleTimeout: '15m',
  absoluteTimeout: '24h',
  regenerateEvery: '5m',
  requireInitiated: true,
  fingerprint: 'ua-exact',
  onFingerprintChange: 'end',
  formTimeout: '10m',
  cookieName: 'random',
  tokenCodec: 'base32hex',
} as const satisfies PolicyLayer

import type { PolicyLayer } from '../policy.ts'

/** NIST SP 800-63B-4, section 2.3.3: very high confidence, a hardware key. Twelve hours in all, a quarter of an hour unused. */
export const aal3 = {
  aal: 'aal3',
  idleTimeout: '15m',
  absoluteTimeout: '12h',
  rememberFor: null,
} as const satisfies PolicyLayer

import type { PolicyLayer } from '../policy.ts'

/** NIST SP 800-63B-4, section 2.2.3: high confidence, two factors. A day in all, an hour unused, no device remembered. */
export const aal2 = {
  aal: 'aal2',
  idleTimeout: '1h',
  absoluteTimeout: '24h',
  rememberFor: null,
} as const satisfies PolicyLayer

import type { PolicyLayer } from '../policy.ts'

/** NIST SP 800-63B-4, section 2.1.3: some confidence in who it is. Thirty days in all; idleness may be limited. */
export const aal1 = {
  aal: 'aal1',
  absoluteTimeout: '30d',
} as const satisfies PolicyLayer

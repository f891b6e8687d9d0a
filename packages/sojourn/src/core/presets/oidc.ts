import type { PolicyLayer } from '../policy.ts'

/** The login session of an authorization server: three days of inactivity, seven in all, gone with the browser. */
export const oidc = {
  idleTimeout: '3d',
  absoluteTimeout: '7d',
  cookiePersistent: false,
  onPasswordChange: 'all',
  onEmailChange: 'all',
  onPhoneChange: 'all',
} as const satisfies PolicyLayer

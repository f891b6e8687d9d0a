import type { ActivityRule } from 'sojourn/core'
import { accountAuthenticatorRoutes } from './account-authenticator.ts'
import { accountCloseRoutes } from './account-close.ts'
import { accountEmailRoutes } from './account-email.ts'
import { accountPasskeysRoutes } from './account-passkeys.ts'
import { accountPasswordRoutes } from './account-password.ts'
import { accountPhoneRoutes } from './account-phone.ts'
import { accountRecoveryCodesRoutes } from './account-recovery-codes.ts'
import { accountSecurityRoutes } from './account-security.ts'
import { accountSessionsRoutes } from './account-sessions.ts'
import { accountRoutes } from './account.ts'
import { apiAdminDeniedLoginsRoutes } from './api-admin-denied-logins.ts'
import { apiAdminKeysRoutes } from './api-admin-keys.ts'
import { apiAdminEventsRoutes } from './api-admin-events.ts'
import { apiAdminJobsRoutes } from './api-admin-jobs.ts'
import { apiAdminWebhooksRoutes } from './api-admin-webhooks.ts'
import { apiAdminIntegrationsRoutes } from './api-admin-integrations.ts'
import { apiAdminPlansRoutes } from './api-admin-plans.ts'
import { apiAdminSessionsEndRoutes } from './api-admin-sessions-end.ts'
import { apiAdminSessionsRoutes } from './api-admin-sessions.ts'
import { apiAdminSettingsRoutes } from './api-admin-settings.ts'
import { apiAdminUsersRoutes } from './api-admin-users.ts'
import { apiIntrospectRoutes } from './api-introspect.ts'
import { apiSessionRoutes } from './api-session.ts'
import { apiSessionsRoutes } from './api-sessions.ts'
import { apiVerifyRoutes } from './api-verify.ts'
import { chooseRoutes } from './choose.ts'
import { clientScriptRoutes } from './client-script.ts'
import { continueRoutes } from './continue.ts'
import { devMailRoutes } from './dev-mail.ts'
import { eventKeysRoutes, ssfRoutes } from './event-keys.ts'
import { healthRoutes } from './health.ts'
import { homeRoutes } from './home.ts'
import { metricsRoutes } from './metrics.ts'
import { loginIpRoutes } from './login-ip.ts'
import { loginLinkRoutes } from './login-link.ts'
import { loginLtiRoutes } from './login-lti.ts'
import { loginPasskeyRoutes } from './login-passkey.ts'
import { loginRefererRoutes } from './login-referer.ts'
import { loginResetRoutes } from './login-reset.ts'
import { loginSamlRoutes } from './login-saml.ts'
import { loginSecondRoutes } from './login-second.ts'
import { loginRoutes } from './login.ts'
import { logoutRoutes } from './logout.ts'
import { novaApiKeysRoutes } from './nova-api-keys.ts'
import { novaAuthSessionsRoutes } from './nova-auth-sessions.ts'
import { novaEndMatchingRoutes } from './nova-end-matching.ts'
import { novaEffectivePolicyRoutes } from './nova-effective-policy.ts'
import { novaJobsRoutes } from './nova-jobs.ts'
import { novaWebhooksRoutes } from './nova-webhooks.ts'
import { novaIntegrationsRoutes } from './nova-integrations.ts'
import { novaPoliciesRoutes } from './nova-policies.ts'
import { novaSettingsRoutes } from './nova-settings.ts'
import { novaUserAccessRoutes } from './nova-user-access.ts'
import { novaUsersRoutes } from './nova-users.ts'
import { novaSecondFactorsRoutes } from './nova-second-factors.ts'
import { openapiRoutes } from './openapi.ts'
import type { Route } from './route.ts'
import { signupConfirmRoutes } from './signup-confirm.ts'
import { signupRoutes } from './signup.ts'
import { stylesheetRoutes } from './stylesheet.ts'

/** What answers without a session: no cookie is read there, and none is set. */
export const plainRoutes: readonly Route[] = [
  ...healthRoutes,
  ...stylesheetRoutes,
  ...clientScriptRoutes,
  ...ssfRoutes,
  ...openapiRoutes(() => everyRoute),
]

/** What other back ends ask: a proxy about a request that is somebody else's, a program with its key. No visit of its own. */
export const backendRoutes: readonly Route[] = [...apiVerifyRoutes, ...apiIntrospectRoutes, ...metricsRoutes]

/** Every other address, with who may reach it. */
export const sessionRoutes: readonly Route[] = [
  ...homeRoutes,
  ...loginRoutes,
  ...loginLinkRoutes,
  ...loginResetRoutes,
  ...loginPasskeyRoutes,
  ...loginSecondRoutes,
  ...loginIpRoutes,
  ...loginRefererRoutes,
  ...loginLtiRoutes,
  ...loginSamlRoutes,
  ...chooseRoutes,
  ...signupRoutes,
  ...signupConfirmRoutes,
  ...logoutRoutes,
  ...accountRoutes,
  ...accountPasswordRoutes,
  ...accountEmailRoutes,
  ...accountPhoneRoutes,
  ...accountCloseRoutes,
  ...accountSecurityRoutes,
  ...accountAuthenticatorRoutes,
  ...accountRecoveryCodesRoutes,
  ...accountPasskeysRoutes,
  ...accountSessionsRoutes,
  ...continueRoutes,
  ...devMailRoutes,
  ...novaAuthSessionsRoutes,
  ...novaEndMatchingRoutes,
  ...novaSecondFactorsRoutes,
  ...novaSettingsRoutes,
  ...novaEffectivePolicyRoutes,
  ...novaIntegrationsRoutes,
  ...novaPoliciesRoutes,
  ...novaJobsRoutes,
  ...novaWebhooksRoutes,
  ...novaUsersRoutes,
  ...novaApiKeysRoutes,
  ...novaUserAccessRoutes,
  ...apiSessionRoutes,
  ...apiSessionsRoutes,
  ...apiAdminSessionsRoutes,
  ...apiAdminSessionsEndRoutes,
  ...apiAdminIntegrationsRoutes,
  ...apiAdminPlansRoutes,
  ...apiAdminDeniedLoginsRoutes,
  ...apiAdminSettingsRoutes,
  ...apiAdminEventsRoutes,
  ...apiAdminJobsRoutes,
  ...apiAdminWebhooksRoutes,
  ...eventKeysRoutes,
  ...apiAdminKeysRoutes,
  ...apiAdminUsersRoutes,
]

export const everyRoute: readonly Route[] = [...plainRoutes, ...backendRoutes, ...sessionRoutes]

const fromElsewhere = sessionRoutes
  .filter(({ crossSite }) => crossSite)
  .map(({ method, path }) => ({ method, path: new RegExp(`^${path.replaceAll(/:\w+/g, '[\\w-]+')}$`) }))

/** Whether a request is to one of the few addresses that take forms of another site. */
export function takesFromElsewhere({
  method,
  url,
}: {
  readonly method: string
  readonly url: string
}): boolean {
  const { pathname } = new URL(url)
  return fromElsewhere.some((route) => route.method === method && route.path.test(pathname))
}

/** The addresses that are nobody's activity, whatever a request says of itself. */
export const activityRules: readonly ActivityRule[] = sessionRoutes
  .filter(({ passive }) => passive)
  .map(({ path }) => ({ path, as: 'passive' }))

import type { RoundTrip } from '../round-trips/round-trips.ts'
import type { LtiSettings } from '../integrations/lti.ts'

export interface LoginInitiation {
  readonly loginHint: string
  readonly messageHint: string | undefined
}

/** Where the browser is sent: the platform's own sign-in, which answers with a form (LTI 1.3 security framework, 5.1.1.2). */
export function authorizationRequest(
  { authorizationEndpoint, clientId }: LtiSettings,
  { loginHint, messageHint }: LoginInitiation,
  { id, nonce }: Pick<RoundTrip, 'id' | 'nonce'>,
  redirectUri: string,
): string {
  const url = new URL(authorizationEndpoint)
  const query = {
    response_type: 'id_token',
    response_mode: 'form_post',
    scope: 'openid',
    prompt: 'none',
    client_id: clientId,
    redirect_uri: redirectUri,
    login_hint: loginHint,
    ...(messageHint === undefined ? {} : { lti_message_hint: messageHint }),
    state: id,
    nonce,
  }
  // What the administrator entered behind the question mark stays, and says nothing in place of these.
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.href
}

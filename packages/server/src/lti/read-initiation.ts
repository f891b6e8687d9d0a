import type { LtiSettings } from '../integrations/lti.ts'
import { advices, Distrust, told } from '../round-trips/distrust.ts'
import type { LoginInitiation } from './authorization-request.ts'

/** Longer hints fit into no address. */
const longest = 4_096

/**
 * What a platform begins a sign-in with (LTI 1.3 security framework, 5.1.1.1). None of it is signed: it is refused where it
 * is plainly meant for somebody else, and believed in nothing. Throws `Distrust`.
 */
export function readInitiation(
  { issuer, clientId }: LtiSettings,
  field: (name: string) => string,
): LoginInitiation & { readonly target: string | undefined } {
  if (field('iss') !== issuer)
    throw new Distrust('issuer', {
      expected: `a launch of “${issuer}” (“iss”)`,
      came: told(field('iss') || undefined),
      advice: advices.settings,
    })
  const forClient = field('client_id')
  if (forClient !== '' && forClient !== clientId)
    throw new Distrust('audience', {
      expected: `a launch for “${clientId}” (“client_id”)`,
      came: told(forClient),
      advice: advices.settings,
    })
  const loginHint = field('login_hint')
  const messageHint = field('lti_message_hint')
  if (loginHint === '' || loginHint.length > longest || messageHint.length > longest)
    throw new Distrust('malformed', {
      expected: `a login_hint and an lti_message_hint of at most ${longest} characters`,
      came: loginHint === '' ? 'no login_hint' : 'more',
      advice: advices.settings,
    })
  return {
    loginHint,
    messageHint: messageHint === '' ? undefined : messageHint,
    target: field('target_link_uri') || undefined,
  }
}

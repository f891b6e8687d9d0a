import { login } from '../../src/pages/login.ts'
import { notBelieved } from '../../src/pages/not-believed.ts'
import { openWindow } from '../../src/pages/open-window.ts'

/** The pages of sign-ins at other sites, full of one text. */
export function roundTripPages(text: string): { readonly [name: string]: string } {
  const providers = [{ name: text, address: '/login/saml/a' }]
  return {
    'login, elsewhere too': login({ providers, returnTo: '/account' }),
    'not believed': notBelieved({ from: text, expected: text, came: text, advice: text }),
    'open a window': openWindow({ from: text, address: '/login/lti/a/start?iss=x' }),
  }
}

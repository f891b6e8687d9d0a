import { returnTo } from 'sojourn/web'
import { seeOther } from '../answer.ts'
import { clientAddress } from '../exchange.ts'
import { readForm } from '../form.ts'
import type { Integration } from '../integrations/integration.ts'
import { settingsOf } from '../integrations/integration-kind.ts'
import { ip } from '../integrations/ip.ts'
import { letInByIntegration } from '../integrations/let-in-by-integration.ts'
import { networkAddress } from '../integrations/network-address.ts'
import { offeredNetworks } from '../integrations/offered-networks.ts'
import { refuseVouched } from '../integrations/refuse-vouched.ts'
import { personOf } from '../integrations/who-comes-in.ts'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'
import { tooMany } from './too-many.ts'

/** Where the sign-in page posts to that has said “Continue as …”. */
export const networkPath = '/login/ip'

/** Signing in by standing in a network, by the button of the sign-in page; without it, `GET /login` does it at once. */
export const loginIpRoutes: readonly Route[] = [
  // What was refused here stands at this address; loading it again begins anew.
  { method: 'GET', path: networkPath, access: 'public', handle: (asked) => seeOther(asked, '/login') },
  { method: 'POST', path: networkPath, access: 'public', body: 'form', handle: enter },
]

async function enter(asked: Asked, parts: Parts): Promise<Response> {
  const address = clientAddress(asked, parts)
  const taken = await parts.lockout.tryVouched(address)
  if (typeof taken === 'number') return tooMany(asked, taken)
  const field = await readForm(asked)
  const offered = await offeredNetworks(asked, parts)
  const integration = offered.find(({ id }) => id === field('integration'))
  if (integration === undefined)
    return refuseVouched(asked, parts, { kind: 'ip', why: 'outside', text: outside })
  await parts.lockout.giveBack([taken])
  return enterNetwork(asked, parts, integration, returnTo(field('return_to')))
}

const outside =
  'This way in is for people in the network of an institution, and your device is not in one by now. Connect to it, by its VPN for example, or sign in another way.'

/** Lets in whoever stands in the network. */
export function enterNetwork(
  asked: Asked,
  parts: Parts,
  integration: Integration,
  back: string | undefined,
): Promise<Response> {
  const address = networkAddress(asked, parts)
  const person = personOf(settingsOf(ip, integration).who)
  return letInByIntegration(asked, parts, { ...person, integration, attributes: { address } }, back)
}

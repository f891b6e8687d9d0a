import { returnTo } from 'sojourn/web'
import { refuse, seeOther } from '../answer.ts'
import { clientAddress } from '../exchange.ts'
import { settingsOf } from '../integrations/integration-kind.ts'
import { isNavigation } from '../integrations/is-navigation.ts'
import { letInByIntegration } from '../integrations/let-in-by-integration.ts'
import { referer } from '../integrations/referer.ts'
import { refersFrom } from '../integrations/referring-page.ts'
import { refuseVouched } from '../integrations/refuse-vouched.ts'
import { personOf } from '../integrations/who-comes-in.ts'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'
import { tooMany } from './too-many.ts'

/**
 * Signing in by a link on a page of another site. A GET that signs in, where all others only show: the browser names the
 * page by this very request, and a form of ours in between would name ours. What another site could do with it is bounded:
 * only a navigation counts, so no image, frame or prefetch signs anybody in; only a page that an administrator has named
 * can bring somebody here; and whoever is signed in already stays who they are.
 */
export const loginRefererRoutes: readonly Route[] = [
  { method: 'GET', path: '/login/referer/:id', access: 'public', handle: enter },
]

async function enter(asked: Asked, parts: Parts): Promise<Response> {
  const back = returnTo(asked.req.query('return_to'))
  asked.header('Vary', 'Referer, Sec-Fetch-Dest, Sec-Fetch-Mode', { append: true })
  if (asked.var.account !== undefined) return seeOther(asked, back ?? '/')
  if (!isNavigation(asked)) {
    asked.header('Cache-Control', 'no-store')
    return refuse(asked, 403, 'not_a_navigation', notOpened)
  }
  const taken = await parts.lockout.tryVouched(clientAddress(asked, parts))
  if (typeof taken === 'number') return tooMany(asked, taken)
  const id = asked.req.param('id') ?? ''
  const from = asked.req.header('referer')
  const integration = await parts.integrations.findEnabled('referer', id)
  const isFrom = integration !== undefined && refersFrom(from, settingsOf(referer, integration).pages)
  if (!isFrom) {
    // One sentence, whether there is such an integration or not: who tries ids learns of none.
    const why = integration === undefined ? 'unknown' : from === undefined ? 'no referer' : 'another referer'
    const known = integration === undefined ? {} : { integration: id }
    return refuseVouched(asked, parts, { kind: 'referer', why, text: notReferred, ...known })
  }
  await parts.lockout.giveBack([taken])
  const { who } = settingsOf(referer, integration)
  const page = from === undefined ? null : new URL(from).origin
  return letInByIntegration(asked, parts, { ...personOf(who), integration, attributes: { page } }, back)
}

const notOpened = 'This address signs people in who open it by a link. Your browser did not say that you did.'
const notReferred =
  'This way in is for people who follow a link on the site of an institution, and your browser did not name such a page. Go back to that site and follow its link there, without a new private window. If it still does not work, your browser or the site hides where you come from (its Referrer-Policy): tell whoever runs the site, or sign in another way.'

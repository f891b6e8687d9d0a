import { frameOf, pageAnswer, refuse } from '../answer.ts'
import { wayOnTo, continuePath } from '../forward/continue-path.ts'
import { continuePage } from '../pages/continue.ts'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'

/** The way back from the sign-in to an application on another host. */
export const continueRoutes: readonly Route[] = [
  { method: 'GET', path: continuePath, access: 'public', handle: leadOn },
]

/**
 * A page that loads the next one, and not a redirect: after a form a browser follows those only where the page's
 * `form-action` allows it, and that is this origin alone.
 */
function leadOn(asked: Asked, { config }: Parts): Response {
  const to = wayOnTo(asked.req.query('to'), config.applications)
  if (to === undefined)
    return refuse(asked, 400, 'invalid_request', 'This leads to no application that this server knows.')
  asked.header('Refresh', `0; url=${to}`)
  return pageAnswer(asked, continuePage({ ...frameOf(asked), to }))
}

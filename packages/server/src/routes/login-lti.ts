import { pageAnswer, seeOther } from '../answer.ts'
import { readForm } from '../form.ts'
import type { Integration } from '../integrations/integration.ts'
import { settingsOf } from '../integrations/integration-kind.ts'
import { letInByIntegration } from '../integrations/let-in-by-integration.ts'
import { lti, ltiPath } from '../integrations/lti.ts'
import { authorizationRequest } from '../lti/authorization-request.ts'
import { launchTarget, type TargetRules } from '../lti/launch-target.ts'
import { readInitiation } from '../lti/read-initiation.ts'
import { readLaunch } from '../lti/read-launch.ts'
import { openWindow } from '../pages/open-window.ts'
import type { Asked, Parts } from '../parts.ts'
import { Distrust } from '../round-trips/distrust.ts'
import { contentPolicyIn } from '../security-headers.ts'
import { pageAt } from '../site.ts'
import type { Route } from './route.ts'
import { arrive, depart, distrusted, endFormer, noIntegration, roundTripOf } from './round-trip.ts'

const start = '/login/lti/:id/start'

/**
 * A launch from a learning platform: LTI 1.3. The platform sends a browser to `start`, which sends it back with a request;
 * the platform answers it with a token, in a form to `launch`. Both forms come from the platform: the first begins nothing,
 * and the second is believed for its token and its `state`, which this browser alone can bring.
 */
export const loginLtiRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: start,
    access: 'public',
    handle: begin,
  },
  {
    method: 'POST',
    path: start,
    access: 'public',
    body: 'form',
    crossSite: true,
    handle: beginByForm,
  },
  {
    method: 'POST',
    path: '/login/lti/:id/launch',
    access: 'public',
    body: 'form',
    crossSite: true,
    handle: launch,
  },
]

type Fields = (name: string) => string

/**
 * Goes on with GET, which browsers send with the session that they have: with the form of another site they do not, and it
 * could not be ended when its person is signed in anew.
 */
async function beginByForm(asked: Asked): Promise<Response> {
  return seeOther(asked, startAddress(asked.req.param('id') ?? '', await readForm(asked)))
}

async function begin(asked: Asked, parts: Parts): Promise<Response> {
  const field: Fields = (name) => asked.req.query(name) ?? ''
  const integration = await integrationOf(asked, parts)
  if (integration === undefined) return noIntegration(asked)
  const settings = settingsOf(lti, integration)
  try {
    const initiation = readInitiation(settings, field)
    const target = launchTarget(initiation.target, rulesOf(integration, parts))
    if (isFramed(asked)) return showWindow(asked, integration, field)
    const redirectUri = pageAt(parts.config, ltiPath(integration.id, 'launch'))
    return await depart(asked, parts, integration, target, (roundTrip) =>
      authorizationRequest(settings, initiation, roundTrip, redirectUri),
    )
  } catch (error) {
    if (!(error instanceof Distrust)) throw error
    return distrusted(asked, parts, integration, error)
  }
}

async function launch(asked: Asked, parts: Parts): Promise<Response> {
  const integration = await integrationOf(asked, parts)
  if (integration === undefined) return noIntegration(asked)
  const field = await readForm(asked)
  return arrive(asked, parts, integration, async (came) => {
    const { nonce, session } = await roundTripOf(asked, parts, integration, field('state'))
    refuseError(field('error'))
    const settings = settingsOf(lti, integration)
    const keys = parts.platformKeys.of(settings.jwksUri)
    const proof = { token: field('id_token'), nonce, keys, now: parts.sessions.now() }
    const { subject: externalId, email, name: displayName, target } = await readLaunch(settings, proof)
    came.externalId = externalId
    // What the platform has signed counts, and not what was said at the start.
    const back = launchTarget(target, rulesOf(integration, parts))
    const person = { integration, externalId, email, displayName }
    const answer = await letInByIntegration(asked, parts, person, back ?? undefined)
    await endFormer(asked, parts, session)
    return answer
  })
}

function integrationOf(asked: Asked, { integrations }: Parts): Promise<Integration | undefined> {
  return integrations.findEnabled('lti', asked.req.param('id') ?? '')
}

function rulesOf(integration: Integration, { config }: Parts): TargetRules {
  const { targets } = settingsOf(lti, integration)
  return {
    origin: new URL(config.url).origin,
    launches: [ltiPath(integration.id, 'launch'), ltiPath(integration.id, 'start')],
    targets,
  }
}

/** The platform's own word for why it vouches for nobody, such as `login_required`. */
function refuseError(error: string): void {
  if (error === '') return
  throw new Distrust('platform', {
    expected: 'somebody for whom the platform vouches',
    came: `“${error}”`,
    advice: 'Sign in at the platform and open it from there again.',
  })
}

function isFramed(asked: Asked): boolean {
  return ['iframe', 'frame', 'embed', 'object'].includes(asked.req.header('sec-fetch-dest') ?? '')
}

/**
 * The one page that may be shown in a frame: it is nobody's, and holds a link that does nothing but begin again. In whose
 * frame it stands cannot be known before: a platform of many schools has an address for each.
 */
function showWindow(asked: Asked, integration: Integration, field: Fields): Response {
  const { issuer } = settingsOf(lti, integration)
  asked.header('Content-Security-Policy', contentPolicyIn(['https:', new URL(issuer).origin]))
  const address = startAddress(integration.id, field)
  return pageAnswer(asked, openWindow({ from: integration.name, address }))
}

const initiation = [
  'iss',
  'login_hint',
  'target_link_uri',
  'lti_message_hint',
  'client_id',
  'lti_deployment_id',
]

/** Our own address that begins a launch with what the platform has sent. */
function startAddress(id: string, field: Fields): string {
  const given = initiation.flatMap((name): [string, string][] =>
    field(name) === '' ? [] : [[name, field(name)]],
  )
  return `${ltiPath(encodeURIComponent(id), 'start')}?${new URLSearchParams(given).toString()}`
}

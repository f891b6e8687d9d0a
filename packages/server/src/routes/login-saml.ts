import { returnTo } from 'sojourn/web'
import { readForm } from '../form.ts'
import type { Integration } from '../integrations/integration.ts'
import { settingsOf } from '../integrations/integration-kind.ts'
import { letInByIntegration } from '../integrations/let-in-by-integration.ts'
import { saml, type SamlSettings } from '../integrations/saml.ts'
import type { Asked, Parts } from '../parts.ts'
import { advices, Distrust } from '../round-trips/distrust.ts'
import type { RoundTrip } from '../round-trips/round-trips.ts'
import { readResponse } from '../saml/read-response.ts'
import { metadataOf, requestIdOf, signInAddress } from '../saml/saml-client.ts'
import { type OwnAddresses, ownAddresses } from '../saml/own-addresses.ts'
import type { Route } from './route.ts'
import { arrive, depart, endFormer, noIntegration, roundTripOf } from './round-trip.ts'

const path = '/login/saml/:id'

/**
 * Signing in at an identity provider: SAML 2.0. The browser is sent there with a request and comes back with a signed
 * response, in a form of the provider to `acs`. It is believed for its signature and, as the answer to a request, for its
 * `RelayState`, which this browser alone can bring.
 */
export const loginSamlRoutes: readonly Route[] = [
  { method: 'GET', path, access: 'public', handle: begin },
  { method: 'POST', path: `${path}/acs`, access: 'public', body: 'form', crossSite: true, handle: consume },
  { method: 'GET', path: `${path}/metadata`, access: 'public', handle: showMetadata },
]

async function begin(asked: Asked, parts: Parts): Promise<Response> {
  const integration = await parts.integrations.findEnabled('saml', idIn(asked))
  if (integration === undefined) return noIntegration(asked)
  const back = returnTo(asked.req.query('return_to')) ?? null
  return depart(asked, parts, integration, back, (roundTrip) =>
    signInAddress(settingsOf(saml, integration), addressesFor(integration, parts), roundTrip),
  )
}

async function consume(asked: Asked, parts: Parts): Promise<Response> {
  const integration = await parts.integrations.findEnabled('saml', idIn(asked))
  if (integration === undefined) return noIntegration(asked)
  const field = await readForm(asked)
  return arrive(asked, parts, integration, async (came) => {
    const settings = settingsOf(saml, integration)
    const roundTrip = await requestOf(asked, parts, integration, settings, field('RelayState'))
    const vouched = await readResponse(field('SAMLResponse'), {
      settings,
      own: addressesFor(integration, parts),
      requestId: roundTrip === null ? null : requestIdOf(roundTrip),
      now: parts.sessions.now(),
    })
    came.externalId = vouched.subject
    if (!(await parts.roundTrips.take(integration.id, vouched.id, vouched.expiresAt))) throw taken()
    const person = {
      integration,
      externalId: vouched.subject,
      email: vouched.email,
      displayName: vouched.name,
      ...(vouched.endsAt === undefined ? {} : { endsAt: vouched.endsAt }),
    }
    const answer = await letInByIntegration(asked, parts, person, roundTrip?.returnTo ?? undefined)
    await endFormer(asked, parts, roundTrip?.session ?? null)
    return answer
  })
}

/** Our own. What else a provider sends along, such as an address to go on to, is not looked at. */
const relayState = /^[\w-]{22}$/

/** The sign-in that a response answers; `null`: none, and the provider may begin some itself. Throws `Distrust`. */
async function requestOf(
  asked: Asked,
  parts: Parts,
  integration: Integration,
  { unsolicited }: SamlSettings,
  relay: string,
): Promise<RoundTrip | null> {
  if (relayState.test(relay)) return roundTripOf(asked, parts, integration, relay)
  if (unsolicited === 'accepted') return null
  throw new Distrust('unsolicited', {
    expected: 'the answer to a sign-in that began here, with its RelayState',
    came: 'one that nobody here has asked for',
    advice: 'Begin on the sign-in page of this site.',
  })
}

/** Also where it is closed: it is set up there before it is opened here. It says addresses alone. */
async function showMetadata(asked: Asked, parts: Parts): Promise<Response> {
  const integration = await parts.integrations.find(idIn(asked))
  if (integration?.kind !== 'saml') return noIntegration(asked)
  asked.header('Content-Type', 'application/samlmetadata+xml')
  return asked.body(metadataOf(settingsOf(saml, integration), addressesFor(integration, parts)))
}

function idIn(asked: Asked): string {
  return asked.req.param('id') ?? ''
}

function addressesFor(integration: Integration, { config }: Parts): OwnAddresses {
  return ownAddresses(integration, new URL(config.url).origin)
}

function taken(): Distrust {
  return new Distrust('replayed', {
    expected: 'an assertion that comes for the first time',
    came: 'one that was taken before',
    advice: advices.again,
  })
}

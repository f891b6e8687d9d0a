import { pageAnswer, refuse, frameOf, showsPages } from '../answer.ts'
import { clientAddress } from '../exchange.ts'
import type { Integration } from '../integrations/integration.ts'
import { notBelieved } from '../pages/not-believed.ts'
import type { Asked, Parts } from '../parts.ts'
import { browserKey, giveBrowserKey } from '../round-trips/browser-key.ts'
import { Distrust } from '../round-trips/distrust.ts'
import type { RoundTrip } from '../round-trips/round-trips.ts'
import { tooMany } from './too-many.ts'
import { tellFailedSignIn } from '../tell-failed-sign-in.ts'

/** Sends somebody to another site, or answers why not. `leave` gives the address to which they go. */
export async function depart(
  asked: Asked,
  parts: Parts,
  { id: integration }: Integration,
  returnTo: string | null,
  leave: (roundTrip: RoundTrip) => string | Promise<string>,
): Promise<Response> {
  const taken = await parts.departures.depart(clientAddress(asked, parts))
  if (typeof taken === 'number') return tooMany(asked, taken)
  const session = asked.var.session.isLoggedIn ? asked.var.session.id : null
  const browser = giveBrowserKey(asked)
  const address = await leave(await parts.roundTrips.depart({ integration, browser, returnTo, session }))
  return asked.redirect(address, 303)
}

/** What came, as far as it is believed by now. */
export interface Came {
  /** The one that the other site knows the person by, from what it signed. */
  externalId?: string
}

/**
 * Looks at what came from another site, or answers why not: where it is not believed by a page, a line of the log and, as
 * far as its account is known, a denied login. What is not believed counts against the network that it came from.
 */
export async function arrive(
  asked: Asked,
  parts: Parts,
  integration: Integration,
  look: (came: Came) => Promise<Response>,
): Promise<Response> {
  const address = clientAddress(asked, parts)
  const taken = await parts.lockout.tryVouched(address)
  if (typeof taken === 'number') return tooMany(asked, taken)
  const came: Came = {}
  try {
    const answer = await look(came)
    await parts.lockout.giveBack([taken])
    return answer
  } catch (error) {
    if (!(error instanceof Distrust)) {
      // It is our fault, and nobody's guess.
      await parts.lockout.giveBack([taken])
      throw error
    }
    return distrusted(asked, parts, integration, error, came)
  }
}

/** The arrival of a sign-in that this browser began here. Throws `Distrust`. */
export async function roundTripOf(
  asked: Asked,
  parts: Parts,
  { id: integration }: Integration,
  id: string,
): Promise<RoundTrip> {
  const roundTrip = await parts.roundTrips.arrive({ integration, id, browser: browserKey(asked) })
  await parts.departures.cameBack(clientAddress(asked, parts))
  return roundTrip
}

/**
 * Ends the session that the browser had when it left, once another has begun: the form of another site brought its own cookie
 * alone, so that this session was not replaced by it.
 */
export async function endFormer(asked: Asked, { sessions }: Parts, former: string | null): Promise<void> {
  const { session } = asked.var
  if (former !== null && session.isLoggedIn && session.id !== former)
    await sessions.end({ id: former }, 'replaced_at_login')
}

/** The answer to what is not believed. */
export async function distrusted(
  asked: Asked,
  parts: Parts,
  { id, kind, name }: Integration,
  distrust: Distrust,
  { externalId }: Came = {},
): Promise<Response> {
  const { why, expected, came, advice, cause } = distrust
  const account =
    externalId === undefined ? undefined : await parts.integrationSubjects.find({ id }, externalId)
  if (account !== undefined) await parts.deniedLogins.note(account.id, 'not_believed')
  tellFailedSignIn(parts, kind, {
    ip: clientAddress(asked, parts),
    why: `${kind}: ${why}`,
    integration: id,
    expected,
    came,
    ...(account === undefined ? {} : { account: account.id }),
    ...(cause instanceof Error ? { cause: cause.name } : {}),
  })
  if (!showsPages(asked))
    return refuse(asked, 403, 'not_believed', `Expected ${expected}; ${came} came.`, why)
  return pageAnswer(asked, notBelieved({ ...frameOf(asked), from: name, expected, came, advice }), 403)
}

/** The answer where an address names no integration that lets people in. */
export function noIntegration(asked: Asked): Response {
  return refuse(
    asked,
    404,
    'not_found',
    'There is no such way to sign in here, or it is closed at the moment. Ask an administrator.',
  )
}

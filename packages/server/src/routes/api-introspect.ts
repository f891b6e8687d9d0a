import { isIP } from 'node:net'
import type { RequestFacts } from 'sojourn'
import { addressOf } from 'sojourn/web'
import { type InferOutput, safeParse } from 'valibot'
import { type Account, sessionRoles } from '../accounts/account.ts'
import { refuse } from '../answer.ts'
import { introspectBody, introspectionSchema } from '../api/verify-schemas.ts'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'

type Introspection = InferOutput<typeof introspectionSchema>
type Question = InferOutput<typeof introspectBody>
type Verification = Awaited<ReturnType<Parts['sessions']['verify']>>

export const apiIntrospectRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/v1/introspect',
    access: 'api-key',
    scope: 'introspect',
    body: 'json',
    api: {
      summary:
        'Whether a session token is good, and whose it is (RFC 7662). It is no activity unless touch says so. What is not good is {"active": false} and nothing more, whatever it is.',
      request: introspectBody,
      answers: { 200: introspectionSchema },
    },
    handle: introspect,
  },
]

async function introspect(asked: Asked, parts: Parts): Promise<Response> {
  const body: unknown = await asked.req.json().catch(() => undefined)
  const read = safeParse(introspectBody, body)
  if (!read.success || (read.output.ip !== undefined && isIP(read.output.ip) === 0))
    return refuse(
      asked,
      400,
      'invalid_request',
      'Expected token; touch, user_agent and ip, an address, may stand beside it.',
    )
  return asked.json(await answerTo(asked, parts, read.output))
}

async function answerTo(asked: Asked, parts: Parts, question: Question): Promise<Introspection> {
  const { sessions, knownAccounts } = parts
  const verified = await sessions.verify(question.token, await factsOf(parts, question))
  if (verified.state !== 'active') return inactive(asked, verified)
  const { subject } = verified.session
  // A guest is nobody: to whoever asks who is there, the answer is no.
  if (subject === null) return { active: false }
  const account = await knownAccounts.usable(subject)
  if (account !== undefined) return active(verified, account)
  await sessions.end({ subject }, 'account_disabled')
  return inactive(asked, { ...verified, state: 'ended', reason: 'account_disabled', endedAt: sessions.now() })
}

/**
 * The person's request, as far as the back end tells of it. Where it does not tell of the browser, that of the session is
 * compared with itself: the back end's own would end it as a stolen one where the policy says so. It costs another read.
 */
async function factsOf(
  { sessions }: Parts,
  { token, touch, user_agent, ip: given }: Question,
): Promise<RequestFacts> {
  const passive = !touch
  // Written as that of any request is: a socket may call an IPv4 address by another name.
  const ip = given === undefined ? null : addressOf({ ip: given, header: () => undefined }, 0)
  if (user_agent !== undefined) return { userAgent: user_agent, ip, passive }
  const id = sessions.parse(token)?.id
  const known = id === undefined ? undefined : await sessions.get(id)
  return { userAgent: known?.userAgent ?? null, ip, passive }
}

function active(
  { session, expiresAt }: Extract<Verification, { state: 'active' }>,
  account: Account,
): Introspection {
  const { id, createdAt, authenticatedAt, amr, assurance, method, actor } = session
  return {
    active: true,
    token_type: 'session',
    sub: account.id,
    sid: id,
    iat: seconds(createdAt),
    ...(expiresAt !== null && { exp: seconds(expiresAt) }),
    ...(authenticatedAt !== null && { auth_time: seconds(authenticatedAt) }),
    acr: `aal${assurance}`,
    amr: [...amr],
    assurance,
    ...(method !== null && { method }),
    roles: [...sessionRoles(account)],
    ...(actor !== null && { act: { sub: actor } }),
  }
}

/** The end of a session is told to a key that may hear of it, and only where the token's secret was right. */
function inactive({ var: { apiKey } }: Asked, verified: Verification): Introspection {
  const tells = verified.state === 'ended' && apiKey?.scopes.includes('introspect:reason') === true
  return tells
    ? { active: false, reason: verified.reason, ended_at: seconds(verified.endedAt) }
    : { active: false }
}

/** Rounded down: what expires within a second is not said to live on into the next. */
function seconds(millis: number): number {
  return Math.floor(millis / 1_000)
}

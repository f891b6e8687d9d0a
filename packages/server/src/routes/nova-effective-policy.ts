import type { Session } from 'sojourn'
import { nullable, object, optional, strictObject, string } from 'valibot'
import { frameOf, pageAnswer, refuse } from '../answer.ts'
import { effectiveValuesSchema, grantedSchema } from '../api/session-schemas.ts'
import { novaEffectivePolicy } from '../pages/nova-effective-policy.ts'
import type { Asked, Parts } from '../parts.ts'
import { type EffectiveValue, effectivePolicy } from '../settings/effective-policy.ts'
import { readStored } from '../settings/stored-settings.ts'
import type { Route } from './route.ts'
import { ownOf, scopeOf } from './settings-place.ts'

const effectiveQuery = object({
  user: optional(string()),
  method: optional(string()),
  session: optional(string()),
})
const effectiveSchema = strictObject({ values: effectiveValuesSchema, granted: nullable(grantedSchema) })

/** What holds for a person or a session: each value, its source, and what it prevails over. */
export const novaEffectivePolicyRoutes: readonly Route[] = [
  { method: 'GET', path: '/nova/policies/effective', access: 'super-admin', handle: show },
  {
    method: 'GET',
    path: '/api/v1/admin/policies/effective',
    access: 'super-admin',
    api: {
      summary: 'What holds for a person (who signs in by a method) or a session, and why.',
      query: effectiveQuery,
      answers: { 200: effectiveSchema },
    },
    handle: tell,
  },
]

interface Found {
  readonly whose: string
  readonly values: readonly EffectiveValue[]
  readonly session?: Session
}

async function show(asked: Asked, parts: Parts): Promise<Response> {
  const query = queryOf(asked)
  const isAsked = query.user !== '' || query.session !== ''
  const found = isAsked ? await find(parts, query) : undefined
  const isMissing = isAsked && found === undefined
  const markup = novaEffectivePolicy({
    ...frameOf(asked),
    now: parts.sessions.now(),
    asked: query,
    ...found,
    error: isMissing ? 'There is no such person or session.' : undefined,
  })
  return pageAnswer(asked, markup, isMissing ? 404 : 200)
}

async function tell(asked: Asked, parts: Parts): Promise<Response> {
  const query = queryOf(asked)
  if ((query.user === '') === (query.session === ''))
    return refuse(asked, 400, 'invalid_request', 'Expected user (and method), or session.')
  const found = await find(parts, query)
  if (found === undefined) return refuse(asked, 404, 'not_found', 'There is no such person or session.')
  const { values, session } = found
  return asked.json({
    values: values.map(valueView),
    granted: session === undefined ? null : grantedView(session),
  })
}

/** What holds for a session, for programs. */
export async function sessionPolicyView(parts: Parts, session: Session) {
  const values = await valuesFor(parts, session)
  return { values: values.map(valueView), granted: grantedView(session) }
}

function valueView({ option, shown, layer, revision, losers }: EffectiveValue) {
  return {
    option,
    value: shown,
    source: { layer, revision },
    losers: losers.map((loser) => ({ value: loser.shown, layer: loser.layer, revision: loser.revision })),
  }
}

/** What a session was granted at its start holds beside the policy: of both the tighter. */
function grantedView({ idleTimeout, expiresAt }: Session) {
  return { idle_timeout: idleTimeout, absolute_expires_at: expiresAt }
}

function queryOf(asked: Asked) {
  const text = (name: string): string => (asked.req.query(name) ?? '').trim()
  return { user: text('user'), session: text('session'), method: text('method') }
}

async function find(parts: Parts, query: ReturnType<typeof queryOf>): Promise<Found | undefined> {
  const { accounts, sessions, database, config } = parts
  if (query.session !== '') {
    const session = await sessions.get(query.session)
    if (session === undefined) return undefined
    const { subject } = session
    const account = subject === null ? undefined : await accounts.find(subject)
    const values = await valuesFor(parts, session)
    return { whose: `The session of ${account?.email ?? subject ?? 'a guest'}.`, values, session }
  }
  const { user } = query
  const account = user.includes('@') ? await accounts.findByEmail(user) : await accounts.find(user)
  if (account === undefined) return undefined
  const stored = await readStored(database)
  const scope = await scopeOf(parts, account, query.method === '' ? undefined : query.method)
  const { values } = effectivePolicy(config.policy, stored, scope)
  return { whose: `${account.email}, signing in by ${scope.method}.`, values }
}

async function valuesFor(parts: Parts, session: Session): Promise<readonly EffectiveValue[]> {
  const { accounts, database, config, integrationSubjects } = parts
  const { realm, app, roles, method, subject } = session
  const account = subject === null ? undefined : await accounts.find(subject)
  const integration = subject === null ? null : ((await integrationSubjects.creatorOf(subject)) ?? null)
  const own = account && (await ownOf(parts, account))
  const stored = await readStored(database)
  return effectivePolicy(config.policy, stored, { realm, app, roles, method, integration, own }).values
}

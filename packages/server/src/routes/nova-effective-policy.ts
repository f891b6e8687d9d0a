import type { Session } from 'sojourn'
import { frameOf, pageAnswer, refuse } from '../answer.ts'
import { novaEffectivePolicy } from '../pages/nova-effective-policy.ts'
import type { Asked, Parts } from '../parts.ts'
import { type EffectiveValue, effectivePolicy } from '../settings/effective-policy.ts'
import { readStored } from '../settings/stored-settings.ts'
import type { Route } from './route.ts'
import { ownOf, scopeOf } from './settings-place.ts'

/** What holds for a person or a session: each value, its source, and what it prevails over. */
export const novaEffectivePolicyRoutes: readonly Route[] = [
  { method: 'GET', path: '/nova/policies/effective', access: 'super-admin', handle: show },
  { method: 'GET', path: '/api/v1/admin/policies/effective', access: 'super-admin', handle: tell },
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
    values: values.map(({ option, shown, layer, revision, losers }) => ({
      option,
      value: shown,
      source: { layer, revision },
      losers: losers.map((loser) => ({ value: loser.shown, layer: loser.layer, revision: loser.revision })),
    })),
    // What a session was granted at its start holds beside: of both the tighter.
    granted:
      session === undefined
        ? null
        : { idle_timeout: session.idleTimeout, absolute_expires_at: session.expiresAt },
  })
}

function queryOf(asked: Asked) {
  const text = (name: string): string => (asked.req.query(name) ?? '').trim()
  return { user: text('user'), session: text('session'), method: text('method') }
}

async function find(parts: Parts, query: ReturnType<typeof queryOf>): Promise<Found | undefined> {
  const { accounts, sessions, database, config } = parts
  const stored = await readStored(database)
  if (query.session !== '') {
    const session = await sessions.get(query.session)
    if (session === undefined) return undefined
    const { app, roles, method, subject } = session
    const account = subject === null ? undefined : await accounts.find(subject)
    const own = account && (await ownOf(parts, account))
    const { values } = effectivePolicy(config.policy, stored, {
      realm: session.realm,
      app,
      roles,
      method,
      own,
    })
    return { whose: `The session of ${account?.email ?? subject ?? 'a guest'}.`, values, session }
  }
  const { user } = query
  const account = user.includes('@') ? await accounts.findByEmail(user) : await accounts.find(user)
  if (account === undefined) return undefined
  const method = query.method === '' ? 'password' : query.method
  const { values } = effectivePolicy(config.policy, stored, await scopeOf(parts, account, method))
  return { whose: `${account.email}, signing in by ${method}.`, values }
}

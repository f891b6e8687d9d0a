import { frameOf, pageAnswer, refuse, seeOther } from '../answer.ts'
import { readForm } from '../form.ts'
import {
  changeIntegration,
  createIntegration,
  removeIntegration,
} from '../integrations/change-integration.ts'
import type { IntegrationKind } from '../integrations/integration-kind.ts'
import { integrationKinds, kindOf } from '../integrations/integration-kinds.ts'
import { mostCounted } from '../integrations/integration-sessions.ts'
import type { Integration } from '../integrations/integration.ts'
import { networkAddress } from '../integrations/network-address.ts'
import {
  enteredIn,
  type IntegrationFaults,
  readIntegration,
  settingsIn,
} from '../integrations/read-integration.ts'
import { novaIntegration } from '../pages/nova-integration.ts'
import { integrationAt, integrationsPath as path, novaIntegrations } from '../pages/nova-integrations.ts'
import type { Notice } from '../pages/page.ts'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'
import { refuseSensitive } from './step-up.ts'

/** Who may vouch for people, for administrators. */
export const novaIntegrationsRoutes: readonly Route[] = [
  { method: 'GET', path, access: 'super-admin', handle: list },
  { method: 'POST', path, access: 'super-admin', body: 'form', handle: create },
  { method: 'GET', path: `${path}/new`, access: 'super-admin', handle: ask },
  { method: 'GET', path: `${path}/:id`, access: 'super-admin', handle: found((...all) => show(...all)) },
  { method: 'POST', path: `${path}/:id`, access: 'super-admin', body: 'form', handle: found(save) },
  { method: 'POST', path: `${path}/:id/remove`, access: 'super-admin', body: 'form', handle: found(remove) },
]

type Handle = (
  asked: Asked,
  parts: Parts,
  integration: Integration,
  kind: IntegrationKind,
) => Promise<Response>
type Field = (name: string) => string

/** What was refused of a form, and how it is shown again. */
interface Again {
  readonly field?: Field
  readonly faults?: IntegrationFaults
  readonly error?: string
  readonly status?: 200 | 400 | 409
}

function found(handle: Handle): Route['handle'] {
  return async (asked, parts) => {
    const id = asked.req.param('id') ?? ''
    const refused = refuseSensitive(asked, parts, integrationAt(id))
    if (refused !== undefined) return refused
    const integration = await parts.integrations.find(id)
    const kind = integration && kindOf(integration.kind)
    if (integration === undefined || kind === undefined)
      return refuse(asked, 404, 'not_found', 'There is no such integration.')
    return handle(asked, parts, integration, kind)
  }
}

/** What was done, told on the page that follows. The words in the address come from a closed list. */
const notices: { readonly [done: string]: Notice } = {
  made: { kind: 'success', text: 'Made.' },
  saved: { kind: 'success', text: 'Saved.' },
  removed: { kind: 'success', text: 'Removed.' },
}

async function list(asked: Asked, parts: Parts): Promise<Response> {
  const integrations = await parts.integrations.list()
  const markup = novaIntegrations({
    ...frameOf(asked),
    notice: noticeIn(asked),
    integrations,
    kinds: integrationKinds,
  })
  return pageAnswer(asked, markup)
}

/** `done`, and of the sessions that ended with it how many. */
function noticeIn(asked: Asked): Notice | undefined {
  const done = asked.req.query('done') ?? ''
  const notice = Object.hasOwn(notices, done) ? notices[done] : undefined
  const ended = asked.req.query('ended') ?? ''
  if (notice === undefined || !/^[1-9]\d{0,8}$/.test(ended)) return notice
  return { ...notice, text: `${notice.text} ${ended === '1' ? '1 session' : `${ended} sessions`} ended.` }
}

function ask(asked: Asked, parts: Parts): Response {
  const kind = integrationKinds.find((one) => one.kind === asked.req.query('kind'))
  if (kind === undefined) return refuse(asked, 404, 'not_found', 'There is no such kind of integration.')
  const at = `${path}/new?kind=${kind.kind}`
  return refuseSensitive(asked, parts, at) ?? showNew(asked, parts, kind)
}

function showNew(asked: Asked, parts: Parts, kind: IntegrationKind, { field, faults }: Again = {}): Response {
  const of = field ?? (() => '')
  const entered = { name: of('name'), enabled: field === undefined || of('enabled') !== '', of }
  const markup = novaIntegration({
    ...frameOf(asked),
    kind,
    entered,
    faults,
    seen: seenBy(asked, parts, kind),
  })
  return pageAnswer(asked, markup, faults === undefined ? 200 : 400)
}

async function create(asked: Asked, parts: Parts): Promise<Response> {
  const refused = refuseSensitive(asked, parts, path)
  if (refused !== undefined) return refused
  const field = await readForm(asked)
  const kind = integrationKinds.find((one) => one.kind === field('kind'))
  if (kind === undefined) return refuse(asked, 404, 'not_found', 'There is no such kind of integration.')
  const entered = readIntegration(kind, enteredBy(kind, field))
  if ('faults' in entered)
    return showNew(asked, parts, kind, { field: withoutSecret(kind, field), ...entered })
  const made = await createIntegration(parts, { kind: kind.kind, ...entered }, signedIn(asked).id)
  return seeOther(asked, `${integrationAt(made.id)}?done=made`)
}

async function show(
  asked: Asked,
  parts: Parts,
  integration: Integration,
  kind: IntegrationKind,
  again: Again = {},
): Promise<Response> {
  const { field, faults, error, status = 200 } = again
  const { id, revision, settings } = integration
  const { count, complete } = await parts.integrationSessions.live(parts.sessions, id, mostCounted)
  const sessions = `${complete ? '' : 'More than '}${count === 1 ? '1 session' : `${count} sessions`} of it live now.`
  const kept = new Set(
    kind.fields.flatMap(({ name, isSecret }) => (isSecret && name in settings ? [name] : [])),
  )
  const tells = kind.tells?.(integration, new URL(parts.config.url).origin) ?? []
  const entered =
    field === undefined
      ? { name: integration.name, enabled: integration.enabled, of: enteredIn(kind, settings) }
      : { name: field('name'), enabled: field('enabled') !== '', of: field }
  const made = { id, revision, tells, sessions, kept }
  const seen = seenBy(asked, parts, kind)
  const frame = { ...frameOf(asked), notice: status === 200 ? noticeIn(asked) : undefined }
  return pageAnswer(asked, novaIntegration({ ...frame, kind, made, entered, faults, error, seen }), status)
}

async function save(
  asked: Asked,
  parts: Parts,
  integration: Integration,
  kind: IntegrationKind,
): Promise<Response> {
  const read = await readForm(asked)
  const field = withoutSecret(kind, read)
  const entered = readIntegration(kind, enteredBy(kind, read, integration.settings))
  if ('faults' in entered)
    return show(asked, parts, integration, kind, { field, faults: entered.faults, status: 400 })
  const seen = Number(/^\d{1,9}$/.exec(read('revision'))?.[0] ?? 0)
  const outcome = await changeIntegration(parts, integration, entered, { seen, by: signedIn(asked).id })
  if (outcome === undefined)
    return show(asked, parts, (await parts.integrations.find(integration.id)) ?? integration, kind, {
      field,
      error: 'Somebody else has changed this meanwhile. Yours stands below: look at it again, and save.',
      status: 409,
    })
  const { ended } = outcome
  return seeOther(asked, `${integrationAt(integration.id)}?done=saved&ended=${ended}`)
}

async function remove(asked: Asked, parts: Parts, integration: Integration): Promise<Response> {
  const outcome = await removeIntegration(parts, integration, signedIn(asked).id)
  return seeOther(asked, `${path}?done=removed&ended=${outcome?.ended ?? 0}`)
}

function enteredBy(kind: IntegrationKind, field: Field, before?: object) {
  return { name: field('name'), enabled: field('enabled') !== '', settings: settingsIn(kind, field, before) }
}

/** No secret is given back in a page, not even to who has just typed it. */
function withoutSecret({ fields }: IntegrationKind, field: Field): Field {
  const secret = new Set(fields.filter(({ isSecret }) => isSecret === true).map(({ name }) => name))
  return (name) => (secret.has(name) ? '' : field(name))
}

/** For networks: from where this server sees whoever asks. Where it is not their own address, no range will fit. */
function seenBy(asked: Asked, parts: Parts, { kind }: IntegrationKind): string | undefined {
  if (kind !== 'ip') return undefined
  const { trustProxy } = parts.config
  const proxies = trustProxy === 0 ? 'no proxy' : trustProxy === 1 ? 'one proxy' : `${trustProxy} proxies`
  const address = networkAddress(asked, parts) ?? 'an address that no proxy told of'
  return `This server trusts ${proxies} and sees you at ${address}. If that is not your own address, set trustProxy first.`
}

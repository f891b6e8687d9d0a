import { safeParse } from 'valibot'
import { refuse } from '../answer.ts'
import {
  changedIntegrationSchema,
  changeIntegrationBody,
  createBody,
  integrationDetailSchema,
  integrationSchema,
  integrationsSchema,
  linkBody,
  linkedSchema,
  removedSchema,
} from '../api/integration-schemas.ts'
import {
  changeIntegration,
  createIntegration,
  removeIntegration,
} from '../integrations/change-integration.ts'
import { mostCounted } from '../integrations/integration-sessions.ts'
import { kindOf } from '../integrations/integration-kinds.ts'
import type { Integration } from '../integrations/integration.ts'
import { isExternalId } from '../integrations/let-in-by-integration.ts'
import {
  type IntegrationFaults,
  readIntegration,
  withoutSecrets,
  withSecrets,
} from '../integrations/read-integration.ts'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'
import { signedIn } from './signed-in.ts'
import { refuseSensitive } from './step-up.ts'

const path = '/api/v1/admin/integrations'
const one = `${path}/:id`

/** Who may vouch for people, for programs. */
export const apiAdminIntegrationsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    access: 'super-admin',
    api: { summary: 'Every integration.', answers: { 200: integrationsSchema } },
    handle: list,
  },
  {
    method: 'POST',
    path,
    access: 'super-admin',
    body: 'json',
    api: { summary: 'Makes an integration.', request: createBody, answers: { 201: integrationSchema } },
    handle: sensitive(create),
  },
  {
    method: 'GET',
    path: one,
    access: 'super-admin',
    api: {
      summary: 'An integration, and how many of its sessions live.',
      answers: { 200: integrationDetailSchema },
    },
    handle: found(tell),
  },
  {
    method: 'POST',
    path: one,
    access: 'super-admin',
    body: 'json',
    api: {
      summary: 'Changes an integration. Its sessions end where it is disabled.',
      request: changeIntegrationBody,
      answers: { 200: changedIntegrationSchema },
    },
    handle: sensitive(found(change)),
  },
  {
    method: 'DELETE',
    path: one,
    access: 'super-admin',
    api: { summary: 'Removes an integration, and ends its sessions.', answers: { 200: removedSchema } },
    handle: sensitive(found(remove)),
  },
  {
    method: 'POST',
    path: `${one}/subjects`,
    access: 'super-admin',
    body: 'json',
    api: {
      summary: 'Lets an integration mean an account that is there by a name, once both were checked.',
      request: linkBody,
      answers: { 200: linkedSchema },
    },
    handle: sensitive(found(link)),
  },
]

type Handle = (asked: Asked, parts: Parts, integration: Integration) => Response | Promise<Response>

function sensitive(handle: Route['handle']): Route['handle'] {
  return (asked, parts) => refuseSensitive(asked, parts, '/') ?? handle(asked, parts)
}

function found(handle: Handle): Route['handle'] {
  return async (asked, parts) => {
    const integration = await parts.integrations.find(asked.req.param('id') ?? '')
    if (integration === undefined) return refuse(asked, 404, 'not_found', 'There is no such integration.')
    return handle(asked, parts, integration)
  }
}

async function list(asked: Asked, parts: Parts): Promise<Response> {
  const all = await parts.integrations.list()
  return asked.json({ integrations: all.map((each) => integrationView(parts, each)) })
}

async function tell(asked: Asked, parts: Parts, integration: Integration): Promise<Response> {
  const { integrationSessions, sessions } = parts
  const live = await integrationSessions.live(sessions, integration.id, mostCounted)
  return asked.json({ integration: integrationView(parts, integration), sessions: live })
}

async function create(asked: Asked, parts: Parts): Promise<Response> {
  const read = safeParse(createBody, await bodyOf(asked))
  if (!read.success)
    return refuse(asked, 400, 'invalid_request', 'Expected kind, name, settings, and perhaps enabled.')
  const { kind: name, ...written } = read.output
  const kind = kindOf(name)
  if (kind === undefined) return refuse(asked, 400, 'invalid_request', `kind: ${name} is not served here`)
  const entered = readIntegration(kind, written)
  if ('faults' in entered) return refuseFaults(asked, entered.faults)
  const made = await createIntegration(parts, { kind: name, ...entered }, signedIn(asked).id)
  return asked.json(integrationView(parts, made), 201)
}

async function change(asked: Asked, parts: Parts, integration: Integration): Promise<Response> {
  const read = safeParse(changeIntegrationBody, await bodyOf(asked))
  const kind = kindOf(integration.kind)
  if (!read.success || kind === undefined)
    return refuse(asked, 400, 'invalid_request', 'Expected revision, and name, enabled or settings.')
  const { revision: seen, name, enabled, settings } = read.output
  const entered = readIntegration(kind, {
    name: name ?? integration.name,
    enabled: enabled ?? integration.enabled,
    settings:
      settings === undefined ? integration.settings : withSecrets(kind, settings, integration.settings),
  })
  if ('faults' in entered) return refuseFaults(asked, entered.faults)
  const outcome = await changeIntegration(parts, integration, entered, { seen, by: signedIn(asked).id })
  if (outcome === undefined)
    return refuse(asked, 409, 'changed_since', 'Somebody else has changed this meanwhile: look at it again.')
  return asked.json({ integration: integrationView(parts, outcome.integration), ended: outcome.ended })
}

async function remove(asked: Asked, parts: Parts, integration: Integration): Promise<Response> {
  const outcome = await removeIntegration(parts, integration, signedIn(asked).id)
  if (outcome === undefined) return refuse(asked, 404, 'not_found', 'There is no such integration.')
  return asked.json(outcome)
}

async function link(asked: Asked, parts: Parts, integration: Integration): Promise<Response> {
  const read = safeParse(linkBody, await bodyOf(asked))
  if (!read.success || !isExternalId(read.output.external_id))
    return refuse(asked, 400, 'invalid_request', 'Expected external_id and account.')
  // Whoever stands in the right place would be that person.
  if (kindOf(integration.kind)?.provesPerson !== true)
    return refuse(
      asked,
      409,
      'person_not_proven',
      'This kind does not say which person comes: it means nobody.',
    )
  const { external_id: externalId, account: id } = read.output
  const account = await parts.accounts.find(id)
  if (account === undefined) return refuse(asked, 404, 'not_found', 'There is no such account.')
  if (!(await parts.integrationSubjects.link(integration, externalId, account.id)))
    return refuse(asked, 409, 'name_taken', 'The integration means another account by this name already.')
  const line = { integration: integration.id, account: account.id, by: signedIn(asked).id }
  parts.log.info({ event: 'integration.linked', ...line }, 'integration.linked')
  return asked.json({ external_id: externalId, account: account.id })
}

function integrationView({ config }: Pick<Parts, 'config'>, integration: Integration) {
  const { id, kind: name, enabled, settings, revision, createdAt, updatedAt } = integration
  const kind = kindOf(name)
  const tells = kind?.tells?.(integration, new URL(config.url).origin) ?? []
  return {
    id,
    kind: name,
    name: integration.name,
    enabled,
    settings: kind === undefined ? {} : withoutSecrets(kind, settings),
    revision,
    created_at: createdAt,
    updated_at: updatedAt,
    tells: tells.map(([label, value]) => ({ label, value })),
  }
}

function refuseFaults(asked: Asked, faults: IntegrationFaults): Response {
  const told = [...faults].map(([field, fault]) => `${field}: ${fault}`).join(' ')
  return refuse(asked, 400, 'invalid_integration', told)
}

function bodyOf(asked: Asked): Promise<unknown> {
  return asked.req.json().catch(() => undefined)
}

import { integrationKinds } from '../../src/integrations/integration-kinds.ts'
import { login } from '../../src/pages/login.ts'
import { logout } from '../../src/pages/logout.ts'
import { novaIntegration } from '../../src/pages/nova-integration.ts'
import { novaIntegrations } from '../../src/pages/nova-integrations.ts'
import type { Viewer } from '../../src/pages/page.ts'
import { visitor } from '../../src/pages/visitor.ts'

/** The pages of those who may vouch for people, in their states, full of one text. */
export function integrationPages(name: string, viewer: Viewer): { readonly [name: string]: string } {
  const kinds = integrationKinds
  const integration = {
    id: name,
    kind: 'ip',
    name,
    enabled: false,
    settings: {},
    revision: 1,
    createdAt: 0,
    updatedAt: 0,
  } as const
  const entered = { name, enabled: true, of: () => name }
  const made = {
    id: name,
    revision: 1,
    tells: [[name, name]],
    sessions: name,
    kept: new Set([name]),
  } as const
  const forms = kinds.flatMap((kind) => {
    const faults = new Map([['name', name], ...kind.fields.map((field) => [field.name, name] as const)])
    const empty = { name: '', enabled: true, of: () => '' }
    return [
      [`an integration by ${kind.kind}`, novaIntegration({ viewer, kind, made, entered, seen: name })],
      [`a new integration by ${kind.kind}`, novaIntegration({ viewer, kind, entered: empty })],
      [
        `an integration by ${kind.kind}, refused`,
        novaIntegration({ viewer, kind, made, entered, faults, error: name }),
      ],
    ] as const
  })
  return {
    ...Object.fromEntries(forms),
    'integrations, none': novaIntegrations({ viewer, integrations: [], kinds }),
    integrations: novaIntegrations({ viewer, integrations: [integration], kinds }),
    'login, in a network': login({ rememberFor: null, returnTo: '/x', networks: [{ id: name, name }] }),
    'logout, let in': logout({ viewer, isShared: true }),
    visitor: visitor({ viewer, name }),
  }
}

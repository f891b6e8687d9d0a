import type { Instant, Session } from 'sojourn'
import { effectivePolicy } from '../../src/settings/effective-policy.ts'
import { install } from '../../src/settings/layer.ts'
import { settings } from '../../src/settings/setting.ts'
import type { Revision, StoredSetting } from '../../src/settings/stored-settings.ts'
import { novaEffectivePolicy } from '../../src/pages/nova-effective-policy.ts'
import { novaPolicies } from '../../src/pages/nova-policies.ts'
import { novaSettingsHistory } from '../../src/pages/nova-settings-history.ts'
import { settingsConfirm, settingsForm } from '../../src/pages/nova-settings.ts'
import { novaUser } from '../../src/pages/nova-user.ts'
import { settingsAround } from '../../src/pages/settings-around.ts'

/** The pages on which the policy is set, in their states, full of one text. */
export function settingsPages(
  name: string,
  session: Session,
  now: Instant,
): { readonly [name: string]: string } {
  const viewer = {
    name,
    isAdmin: true,
    isStoreAdmin: true,
    expiresAt: null,
    watch: { subject: name, expires: '' },
  }
  const names = new Map([[name, { email: name }]])
  const changes = [
    { option: 'limit', before: null, after: '3' },
    { option: 'idleTimeout', before: '"2h"', after: 'null' },
  ] as const
  const own: Revision = {
    revision: 2,
    layer: { kind: 'subject', name },
    author: name,
    madeAt: now - 60_000,
    note: name,
    changes,
    undoes: 1,
  }
  const revisions = [own, { ...own, revision: 1, layer: install, author: null, note: '', undoes: null }]
  const stored: readonly StoredSetting[] = [{ layer: install, option: 'limit', value: '3', revision: 1 }]
  const scope = { app: null, roles: [], method: null, own: { values: { limit: 2 }, revision: 2 } }
  const { values } = effectivePolicy('aurora', stored, scope)
  const fields = settings.map((setting) => ({ setting, entered: name, now: name, error: name }))
  const form = { viewer, title: 'Advanced Settings › Users', action: '/nova/settings/users', names }
  const affected = { ids: [name], people: 1 }
  const person = {
    id: name,
    email: name,
    name,
    roles: ['user'],
    sessionLimit: 2,
    disabledAt: now,
    createdAt: now,
    phone: null,
    emailVerifiedAt: null,
    credentialRevision: 0,
  } as const
  const layers = [
    install,
    { kind: 'role', name: 'clerk' },
    { kind: 'role', name: `no address: ${name}` },
  ] as const
  return {
    settings: settingsForm({
      ...form,
      lead: name,
      revision: 0,
      fields: fields.map((field) => ({ ...field, error: undefined })),
      more: settingsAround(),
    }),
    'settings, refused': settingsForm({
      ...form,
      lead: name,
      revision: 3,
      fields,
      note: name,
      error: name,
      since: revisions,
    }),
    'save settings': settingsConfirm({
      ...form,
      changes,
      affected,
      posted: [
        ['revision', '3'],
        ['note', name],
      ],
    }),
    'save settings, against nobody': settingsConfirm({
      ...form,
      changes,
      affected: { ids: [], people: 0 },
      posted: [],
    }),
    'history of settings': novaSettingsHistory({ viewer, revisions, names, hasMore: true }),
    'history of settings, none': novaSettingsHistory({ viewer, revisions: [], names, hasMore: false }),
    policies: novaPolicies({ viewer, layers, stored, error: name }),
    'effective policy': novaEffectivePolicy({
      viewer,
      now,
      asked: { user: name, session: name, method: name },
      whose: name,
      values,
      session,
      error: name,
    }),
    'one user': novaUser({
      madeBy: { id: name, name },
      viewer,
      account: person,
      limit: name,
      denied: [{ at: now - 60_000, reason: name }],
      now,
      isSuperAdmin: true,
    }),
  }
}

import type { Account } from '../accounts/account.ts'
import { isSuperAdmin, sessionRoles } from '../accounts/account.ts'
import type { Parts } from '../parts.ts'
import { effectivePolicy, type EffectiveScope } from '../settings/effective-policy.ts'
import { install, type Layer } from '../settings/layer.ts'
import { type Setting, settings } from '../settings/setting.ts'
import { readLayer, readRevisions, readStored } from '../settings/stored-settings.ts'

/** A form for one layer. */
export interface SettingsPlace {
  readonly layer: Layer
  readonly path: string
  readonly title: string
  readonly lead: string
  readonly settings: readonly Setting[]
  /** In whose place the values are shown. */
  readonly scope: EffectiveScope
}

/** What somebody may set of a layer: store administrators how many sessions people have, Super Admins everything. */
export function settingsFor(who: Account, layer: Layer): readonly Setting[] {
  if (layer.kind === 'subject') return settings.filter(({ name }) => name === 'limit')
  return isSuperAdmin(who) ? settings : settings.filter(({ isForStores }) => isForStores === true)
}

export function installPlace(who: Account, { sessions }: Pick<Parts, 'sessions'>): SettingsPlace {
  return {
    layer: install,
    path: '/nova/settings/users',
    title: 'Advanced Settings › Users',
    lead: 'What holds for everybody, where nothing nearer to a person says otherwise.',
    settings: settingsFor(who, install),
    scope: { realm: sessions.realm, app: null, roles: [], method: null },
  }
}

/** The scope of a person: as they sign in by a method; left out, by that of the integration that made them, or a password. */
export async function scopeOf(
  parts: Pick<Parts, 'database' | 'sessions' | 'integrations' | 'integrationSubjects'>,
  account: Account,
  written?: string,
): Promise<EffectiveScope> {
  const { database, sessions } = parts
  const made = await creatorOf(parts, account)
  const integration = made?.id ?? null
  const method = written ?? made?.kind ?? 'password'
  const scope = { realm: sessions.realm, app: null, roles: sessionRoles(account), method, integration }
  return { ...scope, own: await ownOf({ database }, account) }
}

/** The integration that made the account; `name` is its id and `kind` unknown where it is gone. */
export async function creatorOf(
  { integrations, integrationSubjects }: Pick<Parts, 'integrations' | 'integrationSubjects'>,
  { id }: Account,
): Promise<{ readonly id: string; readonly name: string; readonly kind?: string } | undefined> {
  const made = await integrationSubjects.creatorOf(id)
  return made === undefined ? undefined : ((await integrations.find(made)) ?? { id: made, name: made })
}

/** What somebody has of their own, and the revision that set it: none did where the account was made with it. */
export async function ownOf(
  { database }: Pick<Parts, 'database'>,
  { id, sessionLimit }: Account,
): Promise<EffectiveScope['own']> {
  if (sessionLimit === null) return undefined
  const [last] = await readRevisions(database, { layer: { kind: 'subject', name: id }, limit: 1 })
  const isItsWork = last?.changes.some(({ after }) => after === JSON.stringify(sessionLimit)) === true
  return { values: { limit: sessionLimit }, revision: isItsWork ? last.revision : null }
}

/** A layer with what holds in its place now; `undefined`: it is of somebody who is gone. */
export async function lookAt({ database, config }: Parts, { layer, scope }: SettingsPlace) {
  const state = await readLayer(database, layer)
  if (state === undefined) return undefined
  const { values } = effectivePolicy(config.policy, await readStored(database), scope)
  return { state, effective: new Map(values.map((value) => [value.option, value])) }
}

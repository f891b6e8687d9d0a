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

/** The scope of a person: as they sign in by a method. */
export async function scopeOf(
  { database, sessions, integrationSubjects }: Pick<Parts, 'database' | 'sessions' | 'integrationSubjects'>,
  account: Account,
  method = 'password',
): Promise<EffectiveScope> {
  const integration = (await integrationSubjects.creatorOf(account.id)) ?? null
  const scope = { realm: sessions.realm, app: null, roles: sessionRoles(account), method, integration }
  return { ...scope, own: await ownOf({ database }, account) }
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

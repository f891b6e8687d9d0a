import { invalidOption } from './errors.ts'
import type { NamedLayer, PolicyLayer, PolicyValues } from './policy.ts'
import { type PresetName, presets } from './presets/index.ts'

/** A policy as an application writes it: a preset's name, or a layer that may start from one. */
export type PolicyInput = PresetName | (PolicyLayer & { readonly extends?: PresetName })

/** Whose policy is asked for. */
export interface PolicyScope {
  /** The space of sessions; left out: what the layer says of realms does not matter. */
  readonly realm?: string
  readonly app: string | null
  readonly roles: readonly string[]
  readonly method: string | null
  /** The integration that created the subject, such as a referring site. Known at login, like the subject's own layer. */
  readonly integration?: string | null
}

/** Names of scopes that have the same policy, unless the subject has a layer of its own. */
export function scopeKey({ realm, app, roles, method, integration = null }: PolicyScope): string {
  return JSON.stringify([realm, app, method, integration, ...roles])
}

const groups = ['realms', 'apps', 'roles', 'methods', 'integrations'] as const

/** A preset's name replaced by what it stands for; what the layer says itself prevails over its preset. */
export function expandPolicy(input: PolicyInput, path: string): PolicyLayer {
  const written = typeof input === 'string' ? { extends: input } : input
  if (!isObject(written)) throw invalidOption(path, "a preset's name or a layer", input)
  const { extends: base, ...own } = written
  for (const group of groups) refuseNoGroup(own[group], `${path}.${group}`)
  if (base === undefined) return own
  if (!Object.hasOwn(presets, base))
    throw invalidOption(
      typeof input === 'string' ? path : `${path}.extends`,
      `one of ${Object.keys(presets).join(', ')}`,
      base,
    )
  const preset: PolicyLayer = presets[base]
  return {
    ...over(preset, own),
    ...Object.fromEntries(groups.map((group) => [group, merge(preset[group], own[group])])),
  }
}

/**
 * The layers of a scope, from the install towards the subject: install, realm, application, roles, method, integration,
 * subject. An integration stands nearer than a method: it speaks for the people whom it has created.
 */
export function layersOf(
  layer: PolicyLayer,
  scope: PolicyScope,
  subject: PolicyValues | undefined,
  path = 'policy',
): readonly NamedLayer[] {
  const { realms, apps, roles, methods, integrations, ...values } = layer
  const found: NamedLayer[] = [{ name: 'install', level: 0, path, values }]
  const add = (level: number, kind: string, name: string | null | undefined, group: Group = {}) => {
    if (name === null || name === undefined || !Object.hasOwn(group, name)) return
    const named = group[name] ?? {}
    found.push({ name: `${kind} ${name}`, level, path: `${path}.${kind}s.${name}`, values: named })
  }
  add(1, 'realm', scope.realm, realms)
  add(2, 'app', scope.app, apps)
  for (const role of scope.roles) add(3, 'role', role, roles)
  add(4, 'method', scope.method, methods)
  add(5, 'integration', scope.integration, integrations)
  if (subject !== undefined) found.push({ name: 'subject', level: 6, path: 'subjectPolicy', values: subject })
  return found
}

/** Every narrowing that a layer names, so that a bad value is refused at construction and not at somebody's login. */
export function scopesOf(layer: PolicyLayer): readonly PolicyScope[] {
  const nobody: PolicyScope = { app: null, roles: [], method: null }
  const named = (group: Group = {}, scope: (name: string) => Partial<PolicyScope>): readonly PolicyScope[] =>
    Object.keys(group).map((name) => ({ ...nobody, ...scope(name) }))
  return [
    nobody,
    ...named(layer.realms, (realm) => ({ realm })),
    ...named(layer.apps, (app) => ({ app })),
    ...named(layer.roles, (role) => ({ roles: [role] })),
    ...named(layer.methods, (method) => ({ method })),
    ...named(layer.integrations, (integration) => ({ integration })),
  ]
}

type Group = { readonly [name: string]: PolicyValues }

function merge(base: Group = {}, own: Group = {}): Group {
  const merged: Record<string, PolicyValues> = { ...base }
  for (const [name, values] of Object.entries(own)) merged[name] = over(base[name] ?? {}, values)
  return merged
}

/** A key that stands there without a value is as if left out: it takes nothing from the preset. */
function over<Values extends object>(base: Values, own: Values): Values {
  return { ...base, ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) }
}

function refuseNoGroup(group: unknown, path: string): void {
  if (group === undefined) return
  if (!isObject(group)) throw invalidOption(path, 'an object of names and their options', group)
  for (const [name, values] of Object.entries(group))
    if (!isObject(values)) throw invalidOption(`${path}.${name}`, 'an object of options', values)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

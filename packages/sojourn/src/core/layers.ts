import { invalidOption } from './errors.ts'
import type { NamedLayer, PolicyLayer, PolicyValues } from './policy.ts'
import { type PresetName, presets } from './presets/index.ts'

/** A policy as an application writes it: a preset's name, or a layer that may start from one. */
export type PolicyInput = PresetName | (PolicyLayer & { readonly extends?: PresetName })

/** Whose policy is asked for. */
export interface PolicyScope {
  readonly app: string | null
  readonly roles: readonly string[]
  readonly method: string | null
}

/** A preset's name replaced by what it stands for; what the layer says itself prevails over its preset. */
export function expandPolicy(input: PolicyInput, path: string): PolicyLayer {
  const written = typeof input === 'string' ? { extends: input } : input
  if (typeof written !== 'object' || written === null)
    throw invalidOption(path, "a preset's name or a layer", input)
  const { extends: base, ...own } = written
  if (base === undefined) return own
  if (!Object.hasOwn(presets, base))
    throw invalidOption(
      typeof input === 'string' ? path : `${path}.extends`,
      `one of ${Object.keys(presets).join(', ')}`,
      base,
    )
  const preset: PolicyLayer = presets[base]
  return {
    ...preset,
    ...own,
    apps: merge(preset.apps, own.apps),
    roles: merge(preset.roles, own.roles),
    methods: merge(preset.methods, own.methods),
  }
}

/** The layers of a scope, from the install towards the subject: install, application, roles, method, subject. */
export function layersOf(
  layer: PolicyLayer,
  scope: PolicyScope,
  subject: PolicyValues | undefined,
  path = 'policy',
): readonly NamedLayer[] {
  const { apps, roles, methods, ...values } = layer
  const found: NamedLayer[] = [{ name: 'install', level: 0, path, values }]
  const app = scope.app === null ? undefined : own(apps, scope.app)
  if (app !== undefined)
    found.push({ name: `app ${scope.app}`, level: 1, path: `${path}.apps.${scope.app}`, values: app })
  for (const role of scope.roles) {
    const values = own(roles, role)
    if (values !== undefined)
      found.push({ name: `role ${role}`, level: 2, path: `${path}.roles.${role}`, values })
  }
  const method = scope.method === null ? undefined : own(methods, scope.method)
  if (method !== undefined)
    found.push({
      name: `method ${scope.method}`,
      level: 3,
      path: `${path}.methods.${scope.method}`,
      values: method,
    })
  if (subject !== undefined) found.push({ name: 'subject', level: 4, path: 'subjectPolicy', values: subject })
  return found
}

/** Every narrowing that a layer names, so that a bad value is refused at construction and not at somebody's login. */
export function scopesOf({ apps = {}, roles = {}, methods = {} }: PolicyLayer): readonly PolicyScope[] {
  const nobody: PolicyScope = { app: null, roles: [], method: null }
  return [
    nobody,
    ...Object.keys(apps).map((app) => ({ ...nobody, app })),
    ...Object.keys(roles).map((role) => ({ ...nobody, roles: [role] })),
    ...Object.keys(methods).map((method) => ({ ...nobody, method })),
  ]
}

type Group = { readonly [name: string]: PolicyValues }

function own(group: Group | undefined, name: string): PolicyValues | undefined {
  return group !== undefined && Object.hasOwn(group, name) ? group[name] : undefined
}

function merge(base: Group = {}, over: Group = {}): Group {
  const merged: Record<string, PolicyValues> = { ...base }
  for (const [name, values] of Object.entries(over)) merged[name] = { ...base[name], ...values }
  return merged
}

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
  if (!isObject(written)) throw invalidOption(path, "a preset's name or a layer", input)
  const { extends: base, ...own } = written
  for (const group of ['apps', 'roles', 'methods'] as const) refuseNoGroup(own[group], `${path}.${group}`)
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
  const app = scope.app === null ? undefined : valuesOf(apps, scope.app)
  if (app !== undefined)
    found.push({ name: `app ${scope.app}`, level: 1, path: `${path}.apps.${scope.app}`, values: app })
  for (const role of scope.roles) {
    const values = valuesOf(roles, role)
    if (values !== undefined)
      found.push({ name: `role ${role}`, level: 2, path: `${path}.roles.${role}`, values })
  }
  const method = scope.method === null ? undefined : valuesOf(methods, scope.method)
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

function valuesOf(group: Group | undefined, name: string): PolicyValues | undefined {
  return group !== undefined && Object.hasOwn(group, name) ? group[name] : undefined
}

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

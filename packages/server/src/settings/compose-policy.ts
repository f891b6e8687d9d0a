import type { PolicyInput, PolicyLayer, PolicyValues } from 'sojourn'
import { expandPolicy } from 'sojourn/core'
import type { Layer, LayerKind } from './layer.ts'
import type { StoredSetting } from './stored-settings.ts'

/** The group of a policy in which layers of a kind stand. */
const groups = {
  realm: 'realms',
  app: 'apps',
  role: 'roles',
  method: 'methods',
  integration: 'integrations',
} as const satisfies { readonly [Kind in Exclude<LayerKind, 'install' | 'subject'>]: keyof PolicyLayer }

/**
 * The policy as it is configured, with what administrators have set in the place of what it says there. Layer by layer:
 * what the configuration says of a role is only replaced by what is set for that role. A subject's own is asked at login.
 */
export function composePolicy(
  configured: PolicyInput,
  stored: readonly Pick<StoredSetting, 'layer' | 'option' | 'value'>[],
): PolicyInput {
  if (stored.length === 0) return configured
  const policy: Record<string, unknown> = { ...expandPolicy(configured, 'policy') }
  for (const { layer, option, value } of stored) {
    const written: unknown = JSON.parse(value)
    if (layer.kind === 'install') policy[option] = written
    if (layer.kind === 'install' || layer.kind === 'subject') continue
    const group = groups[layer.kind]
    const named = policy[group] as { readonly [name: string]: PolicyValues } | undefined
    policy[group] = { ...named, [layer.name]: { ...valuesOf(named, layer.name), [option]: written } }
  }
  return policy
}

/** What the configuration itself says in a layer. */
export function configuredIn(configured: PolicyInput, { kind, name }: Layer): PolicyValues {
  const policy = expandPolicy(configured, 'policy')
  if (kind === 'subject') return {}
  return kind === 'install' ? policy : valuesOf(policy[groups[kind]], name)
}

/** Every layer that a policy names below the install. */
export function layersIn(policy: PolicyInput): readonly Layer[] {
  const expanded = expandPolicy(policy, 'policy')
  return Object.entries(groups).flatMap(([kind, group]) =>
    Object.keys(expanded[group] ?? {}).map((name) => ({ kind: kind as keyof typeof groups, name })),
  )
}

function valuesOf(group: { readonly [name: string]: PolicyValues } | undefined, name: string): PolicyValues {
  return group !== undefined && Object.hasOwn(group, name) ? (group[name] ?? {}) : {}
}

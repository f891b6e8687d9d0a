import type { PolicyInput, PolicyValues } from 'sojourn'
import {
  expandPolicy,
  layersOf,
  optionNames,
  policyOptions,
  type PolicyScope,
  type ResolvedPolicy,
  resolvePolicy,
} from 'sojourn/core'
import { composePolicy } from './compose-policy.ts'
import { sourceOf } from './layer.ts'
import type { StoredSetting } from './stored-settings.ts'

/** A value of one layer. */
export interface PlacedValue {
  /** `install`, `role administrator`, `subject`; `default`: no layer says anything. */
  readonly layer: string
  readonly shown: string
  /** The revision that set it; `null`: the configuration, the preset or the default says so. */
  readonly revision: number | null
}

export interface EffectiveValue extends PlacedValue {
  readonly option: (typeof optionNames)[number]
  /** What it prevails over: in farther layers, or in the configuration of its own. */
  readonly losers: readonly PlacedValue[]
}

export interface EffectivePolicy {
  readonly values: readonly EffectiveValue[]
  readonly resolved: ResolvedPolicy
}

/** Whose policy is asked for; `own`: what the person has of their own, and the revision that set it. */
export interface EffectiveScope extends PolicyScope {
  readonly own?: { readonly values: PolicyValues; readonly revision: number | null } | undefined
}

/** Every value that holds in a scope, where it comes from, and what it prevails over. */
export function effectivePolicy(
  configured: PolicyInput,
  stored: readonly StoredSetting[],
  { own, ...scope }: EffectiveScope,
): EffectivePolicy {
  const composed = expandPolicy(composePolicy(configured, stored), 'policy')
  const resolved = resolvePolicy(layersOf(composed, scope, own?.values))
  const written = layersOf(expandPolicy(configured, 'policy'), scope, undefined)
  const set = new Map(stored.map((one) => [`${sourceOf(one.layer)}\0${one.option}`, one.revision]))
  const values = optionNames.map((option): EffectiveValue => {
    const placed = ({ from, shown }: { readonly from: string; readonly shown: string }): PlacedValue => ({
      layer: from,
      shown,
      revision: (from === 'subject' ? own?.revision : set.get(`${from}\0${option}`)) ?? null,
    })
    const replaced = written.flatMap(({ name, path, values }): readonly PlacedValue[] => {
      const value: unknown = values[option]
      const isSilent = value === undefined || (value === null && option === 'limit')
      if (isSilent || !set.has(`${name}\0${option}`)) return []
      return [{ layer: name, shown: shownValue(option, value, path), revision: null }]
    })
    const { losers, ...source } = resolved.sources[option]
    return { option, ...placed(source), losers: [...losers.map(placed), ...replaced] }
  })
  return { values, resolved }
}

interface Showing {
  readonly read: (written: unknown, path: string) => unknown
  readonly show: (value: unknown) => string
}

function shownValue(option: EffectiveValue['option'], value: unknown, path: string): string {
  const { read, show } = policyOptions[option] as unknown as Showing
  return show(read(value, `${path}.${option}`))
}

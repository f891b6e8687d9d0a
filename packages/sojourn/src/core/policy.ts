import { activitiesOptions, type ActivitiesPolicy } from './activities.ts'
import { admissionOptions, type AdmissionPolicy } from './admit.ts'
import { availabilityOptions, type AvailabilityPolicy } from './availability.ts'
import { cookieConflict, cookieOptions, type CookiePolicy } from './cookie-policy.ts'
import { credentialOptions, type CredentialPolicy } from './credential-change.ts'
import { invalidOption } from './errors.ts'
import { dangerouslyAllowLongForms, formConflict, formOptions, type FormPolicy } from './form.ts'
import { impersonationOptions, type ImpersonationPolicy } from './impersonation.ts'
import { nistConflict, nistOptions, type NistPolicy } from './nist.ts'
import type { Option, Written } from './option.ts'
import { pendingOptions, type PendingPolicy } from './pending-login.ts'
import { rememberOptions, type RememberPolicy } from './remember.ts'
import { retentionConflict, retentionOptions, type RetentionPolicy } from './retention.ts'
import { idleTimeoutConflict } from './rules/idle-timeout.ts'
import { rulesOptions, type RulesPolicy } from './rules/index.ts'
import { tokenOptions, type TokenPolicy } from './token-policy.ts'
import { visitorConflict, visitorOptions, type VisitorPolicy } from './visitor.ts'

/** Every option with its value: what the rules and the engine read. */
export interface Policy
  extends
    RulesPolicy,
    AdmissionPolicy,
    PendingPolicy,
    NistPolicy,
    RememberPolicy,
    CredentialPolicy,
    ImpersonationPolicy,
    RetentionPolicy,
    FormPolicy,
    CookiePolicy,
    TokenPolicy,
    VisitorPolicy,
    ActivitiesPolicy,
    AvailabilityPolicy {}

/** Every option of a policy, in the order of a reference. Each is owned by the file that uses it. */
export const policyOptions = {
  ...rulesOptions,
  ...admissionOptions,
  ...pendingOptions,
  ...nistOptions,
  ...rememberOptions,
  ...credentialOptions,
  ...impersonationOptions,
  ...retentionOptions,
  ...formOptions,
  ...cookieOptions,
  ...tokenOptions,
  ...visitorOptions,
  ...activitiesOptions,
  ...availabilityOptions,
}
type OptionTable = typeof policyOptions
export type OptionName = keyof OptionTable & keyof Policy
export const optionNames = Object.keys(policyOptions) as readonly OptionName[]

/** Options as they are written in one place. An option left out is inherited. */
export type PolicyValues = { readonly [Key in OptionName]?: Written<OptionTable[Key]> }

/** A layer names its options, and may narrow them, from the widest to the nearest in this order. */
export interface PolicyLayer extends PolicyValues {
  readonly realms?: { readonly [realm: string]: PolicyValues }
  readonly apps?: { readonly [app: string]: PolicyValues }
  readonly roles?: { readonly [role: string]: PolicyValues }
  readonly methods?: { readonly [method: string]: PolicyValues }
  /** What the people get whom an integration has created, such as a referring site. */
  readonly integrations?: { readonly [integration: string]: PolicyValues }
}

/** One set of values and where it came from: `install`, `role administrator`, `subject`. Levels rise towards the subject. */
export interface NamedLayer {
  readonly name: string
  readonly level: number
  /** Where its values stand in the configuration, for messages. */
  readonly path: string
  readonly values: PolicyValues
}

/** Where one value came from, and what it prevailed over. */
export interface Source {
  readonly from: string
  readonly shown: string
  readonly losers: readonly { readonly from: string; readonly shown: string }[]
}

export interface ResolvedPolicy {
  readonly policy: Policy
  readonly sources: { readonly [Key in OptionName]: Source }
}

/** What a policy may not do unless somebody says so in code. */
export interface PolicyDangers {
  readonly [dangerouslyAllowLongForms]?: true
}

/**
 * Combines layers into one policy: of timeouts the tightest holds, of other options the one nearest to the subject.
 * Throws `invalid_option` with the key path where a value does not read, is unknown, or does not fit another.
 */
export function resolvePolicy(layers: readonly NamedLayer[], dangers: PolicyDangers = {}): ResolvedPolicy {
  for (const layer of layers) refuseUnknown(layer)
  const policy: Record<string, unknown> = {}
  const sources: Record<string, Source> = {}
  for (const name of optionNames) {
    const { value, source } = resolveOption(name, layers)
    policy[name] = value
    sources[name] = source
  }
  const resolved = { policy, sources } as unknown as ResolvedPolicy
  refuseConflicts(resolved, layers, dangers)
  return { policy: Object.freeze(resolved.policy), sources: resolved.sources }
}

function resolveOption(name: OptionName, layers: readonly NamedLayer[]): { value: unknown; source: Source } {
  const option = policyOptions[name] as unknown as Option<unknown>
  const candidates = layers.flatMap(({ name: from, level, path, values }) => {
    const written: unknown = values[name]
    const inherits = written === undefined || (written === null && option.nullInherits === true)
    return inherits ? [] : [{ from, level, value: option.read(written, `${path}.${name}`) }]
  })
  if (candidates.length === 0) candidates.push({ from: 'default', level: 0, value: option.fallback })
  const winner = candidates.reduce((best, next) => {
    const byValue = option.combine === 'tightest' || next.level === best.level
    if (!byValue) return next.level > best.level ? next : best
    const tighter = option.tighter === undefined ? best.value : option.tighter(best.value, next.value)
    return tighter === best.value ? best : next
  })
  const losers = candidates.filter((other) => other !== winner)
  const shown = ({ from, value }: { from: string; value: unknown }) => ({ from, shown: option.show(value) })
  return { value: winner.value, source: { ...shown(winner), losers: losers.map(shown) } }
}

function refuseUnknown({ path, values }: NamedLayer): void {
  for (const key of Object.keys(values))
    if (!Object.hasOwn(policyOptions, key))
      throw invalidOption(`${path}.${key}`, `an option (${nearest(key)})`, key)
}

function refuseConflicts(
  { policy, sources }: ResolvedPolicy,
  layers: readonly NamedLayer[],
  dangers: PolicyDangers,
): void {
  const conflict =
    idleTimeoutConflict(policy) ??
    formConflict(policy, dangers[dangerouslyAllowLongForms]) ??
    cookieConflict(policy) ??
    visitorConflict(policy) ??
    nistConflict(policy) ??
    retentionConflict(policy)
  if (conflict === undefined) return
  const [key, expected] = conflict as [OptionName, string]
  const path = layers.find((layer) => layer.name === sources[key].from)?.path ?? 'policy'
  throw invalidOption(`${path}.${key}`, expected, sources[key].shown)
}

/** The names that start alike, or all of them: what the writer may have meant. */
function nearest(key: string): string {
  const alike = optionNames.filter((name) => name.slice(0, 3).toLowerCase() === key.slice(0, 3).toLowerCase())
  return (alike.length > 0 ? alike : optionNames).join(', ')
}

import { invalidOption } from '../core/errors.ts'
import { policyOptions } from '../core/policy.ts'
import type { EngineOptions } from '../engine/context.ts'
import type { WebOptions } from './options.ts'

/** Symbols are left out: nobody mistypes one. */
type Name = Extract<keyof EngineOptions | keyof WebOptions, string>

const known: { readonly [name in Name]: true } = {
  store: true,
  policy: true,
  realm: true,
  secret: true,
  subjectPolicy: true,
  subjectIntegration: true,
  merge: true,
  onEvent: true,
  onError: true,
  sweepEvery: true,
  clock: true,
  random: true,
  loginPath: true,
  trustProxy: true,
  refuseCrossSite: true,
  acceptCrossSite: true,
  activity: true,
  expiresHeader: true,
  onLoginRequired: true,
  serveWithoutStore: true,
  onWarning: true,
}

/**
 * An option that nobody reads would protect nobody: `secrets`, or an `idleTimeout` that does not stand in the policy. Throws
 * with where it belongs; its value, which may be a secret, is not shown.
 */
export function refuseUnknownOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null)
    throw invalidOption('options', 'an object, such as { store: memory() }', options)
  for (const key of Object.keys(options)) {
    if (Object.hasOwn(known, key)) continue
    if (Object.hasOwn(policyOptions, key))
      throw invalidOption(key, `nothing: it is an option of the policy, policy.${key}`, key)
    throw invalidOption(key, `an option (${alike(key)})`, key)
  }
}

/** The names that start alike, or all of them. */
function alike(key: string): string {
  const names = Object.keys(known)
  const near = names.filter((name) => name.slice(0, 3).toLowerCase() === key.slice(0, 3).toLowerCase())
  return (near.length > 0 ? near : names).join(', ')
}

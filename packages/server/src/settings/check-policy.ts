import type { PolicyInput } from 'sojourn'
import { expandPolicy, layersOf, type PolicyScope, resolvePolicy, SessionError } from 'sojourn/core'
import { layersIn } from './compose-policy.ts'

/** Why a policy may not be set. */
export interface PolicyFault {
  /** The option that it is about, where it is about one. */
  readonly option: string | undefined
  readonly sentence: string
}

/**
 * What is wrong with a policy, or `undefined`. Beyond what the library reads: no two layers that can meet at somebody's
 * login contradict each other, which would fail that login; and whoever administers may still sign in with a password.
 */
export function checkPolicy(policy: PolicyInput): PolicyFault | undefined {
  try {
    const expanded = expandPolicy(policy, 'policy')
    for (const scope of meetings(policy)) resolvePolicy(layersOf(expanded, scope, undefined))
    for (const roles of administrators)
      for (const method of ['password', null]) {
        const scope = { ...nobody, roles, method }
        if (resolvePolicy(layersOf(expanded, scope, undefined)).policy.limit === 0)
          return { option: 'limit', sentence: shutOut }
      }
    return undefined
  } catch (error) {
    if (!(error instanceof SessionError) || error.code !== 'invalid_option') throw error
    return faultOf(error.message)
  }
}

/** `policy.roles.clerk.formTimeout: expected less than the idle timeout, 15m, got 2h` */
export function faultOf(message: string): PolicyFault {
  const [, option, sentence] = /^(?:.*\.)?(\w+): (expected .*)$/s.exec(message) ?? []
  return { option, sentence: sentence ?? message }
}

const nobody: PolicyScope = { app: null, roles: [], method: null }
const administrators = [
  ['super-admin', 'administrator'],
  ['store-admin', 'administrator'],
] as const
const shutOut =
  'expected a limit by which administrators may sign in: with 0 for everybody, set one for the role administrator first'

/** A contradiction is one of two values, each of one layer: where every two layers agree, all do. */
function* meetings(policy: PolicyInput): Iterable<PolicyScope> {
  const named = layersIn(policy)
  yield nobody
  for (const [at, one] of named.entries()) {
    yield narrowed(nobody, one)
    for (const other of named.slice(at + 1))
      if (one.kind === 'role' || one.kind !== other.kind) yield narrowed(narrowed(nobody, one), other)
  }
}

function narrowed(
  scope: PolicyScope,
  { kind, name }: { readonly kind: string; readonly name: string },
): PolicyScope {
  return kind === 'role' ? { ...scope, roles: [...scope.roles, name] } : { ...scope, [kind]: name }
}

import { expandPolicy, layersOf, type PolicyInput, type PolicyScope, scopesOf } from '../core/layers.ts'
import type { Policy, PolicyValues, ResolvedPolicy } from '../core/policy.ts'
import { resolvePolicy } from '../core/policy.ts'

/** The policies of one engine, resolved once a scope. Every narrowing is read at construction, so bad values show at once. */
export class Policies {
  readonly #layer
  readonly #byScope = new Map<string, ResolvedPolicy>()
  readonly #base: ResolvedPolicy
  readonly #narrowed: boolean

  constructor(input: PolicyInput) {
    this.#layer = expandPolicy(input, 'policy')
    const scopes = scopesOf(this.#layer)
    for (const scope of scopes) this.resolve(scope)
    this.#base = this.resolve({ app: null, roles: [], method: null })
    this.#narrowed = scopes.length > 1
  }

  /** The policy of the whole install: for what is not yet anybody's. */
  get base(): Policy {
    return this.#base.policy
  }

  /** The policy of the install and of each narrowing that it names. */
  get named(): readonly Policy[] {
    return scopesOf(this.#layer).map((scope) => this.resolve(scope).policy)
  }

  /** The policy of a session's application, roles and method. What its subject was granted stands in the session itself. */
  of(scope: PolicyScope): Policy {
    return this.#narrowed ? this.resolve(scope).policy : this.#base.policy
  }

  /** The policy with the source of each value; `subject`: the subject's own layer. */
  resolve(scope: PolicyScope, subject?: PolicyValues): ResolvedPolicy {
    if (subject !== undefined) return resolvePolicy(layersOf(this.#layer, scope, subject))
    const key = JSON.stringify([scope.app, scope.method, ...scope.roles])
    let resolved = this.#byScope.get(key)
    if (resolved === undefined) {
      resolved = resolvePolicy(layersOf(this.#layer, scope, undefined))
      // Scopes come from logins; their number is bounded so that strange ones cannot fill the memory.
      if (this.#byScope.size >= 10_000) this.#byScope.clear()
      this.#byScope.set(key, resolved)
    }
    return resolved
  }
}

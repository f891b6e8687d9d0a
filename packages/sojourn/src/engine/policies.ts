import { hash } from 'node:crypto'
import {
  expandPolicy,
  layersOf,
  type PolicyInput,
  type PolicyScope,
  scopeKey,
  scopesOf,
} from '../core/layers.ts'
import type { Policy, PolicyDangers, PolicyLayer, PolicyValues, ResolvedPolicy } from '../core/policy.ts'
import { resolvePolicy } from '../core/policy.ts'

/** The policies of one realm, resolved once a scope. Every narrowing is read at construction, so bad values show at once. */
export class Policies {
  /** What they were made from. */
  readonly input: PolicyInput
  /** A name that is the same wherever the same is written: sessions carry it, and a watermark can name it. */
  readonly revision: string
  readonly dangers: PolicyDangers
  /** The policy of the realm: for what is not yet anybody's. */
  readonly base: Policy
  readonly #layer: PolicyLayer
  readonly #realm: string
  readonly #byScope = new Map<string, ResolvedPolicy>()
  readonly #isNarrowed: boolean

  constructor(input: PolicyInput, realm = 'main', dangers: PolicyDangers = {}) {
    this.input = input
    this.#realm = realm
    this.dangers = dangers
    this.#layer = expandPolicy(input, 'policy')
    const scopes = scopesOf(this.#layer)
    for (const scope of scopes) this.resolve(scope)
    this.base = this.resolve({ app: null, roles: [], method: null }).policy
    this.revision = hash('sha256', JSON.stringify(this.#layer), 'base64url').slice(0, 12)
    // A realm is one of the scopes and narrows nothing here: its sessions are all there are.
    this.#isNarrowed = scopes.some(({ realm }, index) => index > 0 && realm === undefined)
  }

  /** The policy of the realm and of each narrowing that is named. */
  get named(): readonly Policy[] {
    return scopesOf(this.#layer).map((scope) => this.resolve(scope).policy)
  }

  /** The policy of a session's application, roles and method. What its subject was granted stands in the session itself. */
  of({ app, roles, method }: PolicyScope): Policy {
    return this.#isNarrowed ? this.resolve({ app, roles, method }).policy : this.base
  }

  /** The policy with the source of each value; `subject`: the subject's own layer. */
  resolve(asked: PolicyScope, subject?: PolicyValues): ResolvedPolicy {
    const scope = { realm: this.#realm, ...asked }
    if (subject !== undefined) return resolvePolicy(layersOf(this.#layer, scope, subject), this.dangers)
    const key = scopeKey(scope)
    let resolved = this.#byScope.get(key)
    if (resolved === undefined) {
      resolved = resolvePolicy(layersOf(this.#layer, scope, undefined), this.dangers)
      // Scopes come from logins; their number is bounded so that strange ones cannot fill the memory.
      if (this.#byScope.size >= 10_000) this.#byScope.clear()
      this.#byScope.set(key, resolved)
    }
    return resolved
  }
}

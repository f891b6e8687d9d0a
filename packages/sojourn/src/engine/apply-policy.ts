import { tokenOptions } from '../core/token-policy.ts'
import { cookieOptions } from '../core/cookie-policy.ts'
import { invalidOption } from '../core/errors.ts'
import type { PolicyInput } from '../core/layers.ts'
import { type OptionName, policyOptions } from '../core/policy.ts'
import type { Session } from '../core/session.ts'
import type { Simulation } from '../core/simulate.ts'
import { type Context, tellEnded } from './context.ts'
import type { Policies } from './policies.ts'
import { simulate, type SimulateInput } from './simulate.ts'

export interface ApplyInput extends SimulateInput {
  /** Also end at once what the policy would end at its next request, as `policy_changed`. */
  readonly end?: boolean
}

export interface Applied {
  /** The policy's name: new sessions carry it as their `policy`. */
  readonly revision: string
  readonly ended: readonly Session[]
}

/** What is settled when the process starts: clients hold what was made by it. */
const settled = [...Object.keys(cookieOptions), ...Object.keys(tokenOptions)] as readonly OptionName[]

/**
 * Goes by another policy from now on, on this node. Where it is tighter it holds for everybody at their next request; where
 * it is looser, for new sessions. Throws `invalid_option` where it does not read, or changes what only a restart can: the
 * cookie and the form of tokens. Nothing has changed then.
 */
export async function applyPolicy(
  context: Context,
  input: PolicyInput,
  { end = false, ...how }: ApplyInput = {},
): Promise<Applied> {
  const before = context.policies
  const next = context.readPolicy(input)
  refuseSettled(before, next)
  context.policies = next
  const { revision } = next
  context.tell({ type: 'policy.changed', at: context.clock.now(), revision, before: before.revision })
  if (!end) return { revision, ended: [] }
  return { revision, ended: await endAffected(context, await simulate(context, input, how, before.input)) }
}

async function endAffected(context: Context, { affected }: Simulation): Promise<readonly Session[]> {
  const { call, realm, clock } = context
  const all: Session[] = []
  for (const { id } of affected) {
    const at = clock.now()
    const ended = await call((store) => store.end({ realm, id }, { at, reason: 'policy_changed' }))
    tellEnded(context, ended, at)
    all.push(...ended)
  }
  return all
}

function refuseSettled(before: Policies, next: Policies): void {
  for (const name of settled) {
    const { show } = policyOptions[name] as { readonly show: (value: unknown) => string }
    if (before.base[name] !== next.base[name])
      throw invalidOption(`policy.${name}`, `${show(before.base[name])}, as at the start`, next.base[name])
  }
}

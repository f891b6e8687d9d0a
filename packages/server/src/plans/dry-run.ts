import type { PolicyInput, Simulation } from 'sojourn'
import type { Parts } from '../parts.ts'
import { judgeChange, type Refusal, type Wanted } from '../settings/change-settings.ts'
import { composePolicy } from '../settings/compose-policy.ts'
import { policyDigest } from '../settings/policy-digest.ts'
import { groundOf } from '../settings/save-settings.ts'
import { readRevisions, readStored, type SettingChange } from '../settings/stored-settings.ts'
import { type Plan, planLasts, signPlan } from './plan.ts'

/** What a change would do, and the plan by which it may be done. */
export interface Tried {
  readonly changes: readonly SettingChange[]
  readonly simulation: Simulation
  readonly plan: string
  readonly expiresAt: number
}

export interface Trial {
  readonly wanted: Wanted
  readonly changes: readonly SettingChange[]
  readonly policy: PolicyInput
  readonly onto: Plan['onto']
}

/** Whether a change can be tried: what would refuse it when it is made refuses it here. */
export async function prepareTrial(parts: Parts, wanted: Wanted): Promise<Trial | Refusal> {
  const { database, config } = parts
  // Read first: a change between the two reads makes the plan an old one, never a wrong one.
  const [last] = await readRevisions(database, { limit: 1 })
  const digest = policyDigest(composePolicy(config.policy, await readStored(database)))
  const judgement = await judgeChange(groundOf(parts), wanted)
  if (judgement.state !== 'ready') return judgement
  const { changes, policy } = judgement
  return { wanted, changes, policy, onto: { digest, revision: last?.revision ?? 0 } }
}

/** Judges every live session by the policy as it would be. Nothing is written. */
export async function tryChange(
  { sessions, config, log }: Parts,
  { wanted, changes, policy, onto }: Trial,
  onProgress: (judged: number) => void,
): Promise<Tried> {
  const simulation = await sessions.simulate(policy, { onProgress })
  const expiresAt = sessions.now() + planLasts
  const { layer, seen, values } = wanted
  const by = wanted.by ?? ''
  const affected = simulation.affected.length
  const plan = signPlan(
    { v: 1, layer, seen, values: [...values], onto, by, affected, expiresAt },
    config.secret,
  )
  log.info({ event: 'policy.tried', by, layer, changes, affected }, 'an administrator tried a policy')
  return { changes, simulation, plan, expiresAt }
}

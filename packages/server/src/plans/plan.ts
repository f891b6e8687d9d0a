import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Instant, Millis } from 'sojourn'
import { minute } from 'sojourn/core'
import {
  literal,
  array,
  nullable,
  number,
  picklist,
  safeParse,
  strictObject,
  string,
  tuple,
  type InferOutput,
} from 'valibot'
import { layerKinds } from '../settings/layer.ts'

/** How long a plan may be applied after its dry run: what it told of sessions ages. */
export const planLasts: Millis = 15 * minute

const planSchema = strictObject({
  v: literal(1),
  layer: strictObject({ kind: picklist(layerKinds), name: string() }),
  /** The revision of the layer that the dry run saw. */
  seen: number(),
  /** Options with their values as JSON; `null`: left to the wider layers. */
  values: array(tuple([string(), nullable(string())])),
  /** What the dry run saw of all layers together, and the last revision of them. */
  onto: strictObject({ digest: string(), revision: number() }),
  /** Who made the dry run. */
  by: string(),
  affected: number(),
  expiresAt: number(),
})

/** A change of the policy as it was tried, for whoever applies it. */
export type Plan = InferOutput<typeof planSchema>

export type OpenedPlan =
  | { readonly state: 'good'; readonly plan: Plan }
  /** Not made by this server, or not as it stands. */
  | { readonly state: 'forged' }
  | { readonly state: 'expired' }

/** `secrets`: the current one, then the previous. */
export function signPlan(plan: Plan, secrets: readonly string[]): string {
  const payload = Buffer.from(JSON.stringify(plan)).toString('base64url')
  const [secret] = secrets
  if (secret === undefined) throw new Error('plans: expected a secret')
  return `${payload}.${macOf(payload, secret)}`
}

/** Reads a plan whose signature holds, to the last millisecond of its time. Nothing of another is looked at. */
export function openPlan(signed: string, secrets: readonly string[], now: Instant): OpenedPlan {
  const [payload = '', mac = '', ...more] = signed.split('.')
  const given = Buffer.from(mac)
  const isOurs = secrets.some((secret) => {
    const own = Buffer.from(macOf(payload, secret))
    return own.length === given.length && timingSafeEqual(own, given)
  })
  if (!isOurs || more.length > 0) return { state: 'forged' }
  const read = safeParse(planSchema, JSON.parse(Buffer.from(payload, 'base64url').toString()))
  // An older version of the server may have made it.
  if (!read.success || now > read.output.expiresAt) return { state: 'expired' }
  return { state: 'good', plan: read.output }
}

function macOf(payload: string, secret: string): string {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'plan of a policy', 32))
  return createHmac('sha256', key).update(payload).digest('base64url')
}

import { secondFactorAmr } from '../factors/factor-proof.ts'
import type { Asked, Parts } from '../parts.ts'
import { signedIn } from './signed-in.ts'
import { refuseSensitive } from './step-up.ts'

/**
 * The refusal for whoever may not change second factors at this moment, or `undefined`: as `refuseSensitive`, and whoever
 * has one must have shown one in this sign-in. A restored session shows a device, and nobody.
 */
export async function refuseFactorChange(
  asked: Asked,
  parts: Parts,
  back: string,
): Promise<Response | undefined> {
  const isOn = await parts.factors.isOn(signedIn(asked).id)
  const isRestored = asked.var.session.session?.restored === true
  return refuseSensitive(asked, parts, back, {
    ...(isOn ? { amr: secondFactorAmr } : {}),
    ...(isRestored ? { assurance: 2 } : {}),
  })
}

import type { Check } from './rule.ts'

/**
 * A session from before a watermark is void, whatever its row says. A session created in the very millisecond of the
 * watermark is void too: a tie fails closed. The watermark holds as soon as it is seen, also where this clock lags; no end
 * lies in the future.
 */
export const notBefore: Check<object> = {
  name: 'not-before',
  check: ({ session, watermark }, _policy, now) =>
    watermark !== null && session.createdAt <= watermark.at
      ? { action: 'end', reason: watermark.reason, at: Math.min(watermark.at, now) }
      : null,
}

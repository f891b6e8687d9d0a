import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Instant } from 'sojourn'
import { second } from 'sojourn/core'

/** What every authenticator app assumes: RFC 6238 with its defaults. */
export const totpShape = { digits: 6, period: 30 * second } as const

/** The number of the time step that a moment lies in. */
export function stepAt(now: Instant): number {
  return Math.floor(now / totpShape.period)
}

/** The code of one time step: RFC 4226 section 5.3 over the number of the step. */
export function totpCode(secret: Uint8Array, step: number, digits: number = totpShape.digits): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 0xf
  return String((mac.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** digits).padStart(digits, '0')
}

/**
 * The step that a code is of, of those that count now: the present one, and one to either side, since clocks differ and
 * people type. `undefined`: none. All are compared, each in constant time.
 */
export function stepOf(secret: Uint8Array, written: string, now: Instant): number | undefined {
  const code = Buffer.from(written.replace(/\s/g, ''))
  const present = stepAt(now)
  const matching = [present - 1, present, present + 1].filter((step) => {
    const right = Buffer.from(totpCode(secret, step))
    return step >= 0 && code.length === right.length && timingSafeEqual(code, right)
  })
  return matching.at(-1)
}

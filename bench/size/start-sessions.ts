import { createSessions, type Store } from 'sojourn'
import { FakeClock } from 'sojourn/testing/clock'
import type { Progress } from './progress.ts'

/** How many sessions somebody has. */
const each = 2
/** How many start at once. */
const atOnce = 32

/**
 * Starts live sessions as an application would: two a person, from a browser, with a role and some 80 bytes of data; the device
 * of every second one is remembered. No two share a text, as no two requests do. On a clock whose timers rest: what they have is
 * what a start writes, and no touch comes between.
 */
export async function startSessions(store: Store, count: number, progress: Progress): Promise<void> {
  const clock = new FakeClock()
  const auth = createSessions({ store, clock, policy: 'stay-logged-in', sweepEvery: null })
  let started = 0
  const startMany = async (): Promise<void> => {
    while (started < count) {
      const one = started++
      clock.step(1)
      await auth.start({
        subject: own(`u-${Math.floor(one / each)}`),
        amr: [own('pwd')],
        roles: [own('member')],
        remember: one % 2 === 1,
        request: { ip: own(`203.0.${(one >> 8) & 255}.${one & 255}`), userAgent: own(userAgent) },
        data: { theme: own('dark'), cart: [own(`sku-${one}`), own(`sku-${one + 1}`)], seen: one },
      })
      progress(started, count)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, startMany))
}

const userAgent =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36'

function own(text: string): string {
  return Buffer.from(text).toString()
}

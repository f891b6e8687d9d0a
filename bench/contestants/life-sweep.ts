import { createSessions } from 'sojourn'
import { FakeClock } from 'sojourn/testing/clock'
import type { Loop } from './contestant.ts'
import { type LifeStore, openLifeStore } from './life-store.ts'

const bystanders = 20_000
const each = 1_000
const idle = 60_000

/** Sweeps that mark a thousand expired sessions and purge those that the sweep before has marked, among 20,000 that stand. */
export async function loop(on: LifeStore): Promise<Loop> {
  const clock = new FakeClock()
  const { store, fill } = openLifeStore(on)
  const policy = { retention: 0, minimiseAfter: 0, absoluteTimeout: null }
  const auth = createSessions({ store, clock, policy, sweepEvery: null })
  const { session } = await auth.start({ subject: 'u', request: { userAgent: 'bench', ip: '127.0.0.1' } })
  fill({ ...session, idleTimeout: null }, bystanders)
  return {
    ready() {
      const now = clock.now()
      fill({ ...session, idleTimeout: idle, createdAt: now, lastSeenAt: now, lag: 0 }, each)
      clock.advance(idle + 1)
    },
    async batch() {
      const { marked, purged } = await auth.sweep()
      if (marked < each) throw new Error(`a sweep marked ${marked} of ${each}`)
      return marked + purged
    },
  }
}

import { createSessions } from 'sojourn'
import { FakeClock } from 'sojourn/testing/clock'
import type { Loop } from './contestant.ts'
import { type LifeStore, openLifeStore } from './life-store.ts'

const sessions = 100_000

/** A policy tried out on all that are live: each is read from the store and judged. */
export async function loop(on: LifeStore): Promise<Loop> {
  const clock = new FakeClock()
  const { store, fill } = openLifeStore(on)
  const auth = createSessions({ store, clock, policy: { idleTimeout: '2h' }, sweepEvery: null })
  const { session } = await auth.start({ subject: 'u', request: { userAgent: 'bench', ip: '127.0.0.1' } })
  fill(session, sessions - 1)
  clock.advance(60 * 60_000)
  return {
    async batch() {
      const { affected } = await auth.simulate({ idleTimeout: '30m' })
      if (affected.length !== sessions) throw new Error(`${affected.length} of ${sessions} were affected`)
      return sessions
    },
  }
}

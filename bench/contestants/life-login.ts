import { createSessions } from 'sojourn'
import { FakeClock } from 'sojourn/testing/clock'
import type { Loop } from './contestant.ts'
import { type LifeStore, openLifeStore } from './life-store.ts'

const people = 1_000
const each = 200
const limit = 3

/** Logins, each of which evicts the oldest of its subject's three sessions. No password is hashed. */
export async function loop(on: LifeStore): Promise<Loop> {
  const clock = new FakeClock()
  const policy = { limit, retention: 0, minimiseAfter: 0 }
  const auth = createSessions({ store: openLifeStore(on).store, clock, policy, sweepEvery: null })
  const request = { userAgent: 'bench', ip: '127.0.0.1' }
  let next = 0
  const login = async () => auth.start({ subject: `u-${next++ % people}`, request })
  for (let one = 0; one < people * limit; one++) await login()
  return {
    /** What was evicted is purged, so that the store stays as large as it is. */
    async ready() {
      clock.advance(1)
      await auth.sweep()
    },
    async batch() {
      for (let done = 0; done < each; done++) {
        const { ended } = await login()
        if (ended.length !== 1) throw new Error(`a login evicted ${ended.length}`)
      }
      return each
    },
  }
}

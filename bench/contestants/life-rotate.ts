import { createSessions } from 'sojourn'
import { FakeClock } from 'sojourn/testing/clock'
import type { Loop } from './contestant.ts'
import { type LifeStore, openLifeStore } from './life-store.ts'

const devices = 2_000
const each = 200
const request = { userAgent: 'bench', ip: '127.0.0.1', passive: false }

/** Refresh tokens of remembered devices, each spent for a new session with a new one. */
export async function loop(on: LifeStore): Promise<Loop> {
  const clock = new FakeClock()
  const policy = { retention: 0, minimiseAfter: 0 }
  const secret = 'a secret of the bench, of more than 32 characters'
  const auth = createSessions({ store: openLifeStore(on).store, clock, policy, secret, sweepEvery: null })
  const tokens: string[] = []
  for (let device = 0; device < devices; device++) {
    const { refresh } = await auth.start({ subject: `u-${device}`, remember: true, request })
    tokens.push(refresh?.reveal() ?? '')
  }
  let next = 0
  return {
    /** What was restored is purged, so that the store stays as large as it is. */
    async ready() {
      clock.advance(1)
      await auth.sweep()
    },
    async batch() {
      for (let done = 0; done < each; done++) {
        const device = next++ % devices
        const restoration = await auth.restore(tokens[device] ?? '', request)
        if (restoration.state !== 'restored') throw new Error(`a refresh token was ${restoration.state}`)
        tokens[device] = restoration.started.refresh?.reveal() ?? ''
      }
      return each
    },
  }
}

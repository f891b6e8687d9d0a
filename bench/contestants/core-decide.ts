import { createSessions } from 'sojourn'
import { decide, type Facts } from 'sojourn/core'
import { memory } from 'sojourn/stores/memory'
import type { Loop } from './contestant.ts'

const people = 2_000
const each = 10_000

/** The core's decision for one of many live sessions, under the policy that an install has by default. */
export async function loop(): Promise<Loop> {
  const auth = createSessions({ store: memory(), sweepEvery: null })
  const facts: Facts[] = []
  for (let person = 0; person < people; person++) {
    const request = { userAgent: 'bench', ip: '127.0.0.1', passive: false }
    const { session } = await auth.start({ subject: `u-${person}`, request })
    facts.push({ session, watermark: null, request })
  }
  const { policy } = auth
  let next = 0
  return {
    batch() {
      let live = 0
      const now = Date.now()
      for (let done = 0; done < each; done++) {
        const one = facts[next++ % people]
        if (one !== undefined && decide(one, policy, now).next !== 'end') live++
      }
      if (live !== each) throw new Error(`${each - live} sessions were found to be over`)
      return each
    },
  }
}

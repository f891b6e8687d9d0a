import { createSessions, type Store } from 'sojourn'
import { withSessions } from 'sojourn/adapters/fetch'
import { memory } from 'sojourn/stores/memory'
import { FakeClock } from 'sojourn/testing/clock'
import { countingStore } from './counting-store.ts'

export interface StoreCalls {
  readonly name: string
  readonly requests: number
  readonly readsPerRequest: number
  readonly writesPerRequest: number
}

const people = 100
const second = 1_000

/** Counts what requests ask of the store, through the Fetch adapter, on a clock of its own: the same in every run. */
export async function storeCalls(): Promise<readonly StoreCalls[]> {
  return [
    await count('within touchEvery', { every: second, requests: 30 }),
    await count('an hour, a request each 10 s', { every: 10 * second, requests: 360 }),
  ]
}

/** `people` send `requests` each, one `every` so many milliseconds. What was held back is not forced out. */
async function count(name: string, pace: { every: number; requests: number }): Promise<StoreCalls> {
  const clock = new FakeClock()
  const { store, calls } = countingStore(memory() satisfies Store)
  const auth = createSessions({ store, clock, sweepEvery: null })
  const handler = withSessions(
    auth,
    (_request, { isLoggedIn }) => new Response(null, { status: isLoggedIn ? 204 : 401 }),
  )
  const cookies: string[] = []
  for (let person = 0; person < people; person++) {
    const { token } = await auth.start({ subject: `u-${person}` })
    cookies.push(`${auth.web.cookie}=${token.reveal()}`)
  }
  calls.reads = calls.writes = 0
  for (let turn = 0; turn < pace.requests; turn++) {
    clock.advance(pace.every)
    for (const cookie of cookies) {
      const { status } = await handler(new Request('http://localhost/', { headers: { cookie } }))
      if (status !== 204) throw new Error(`${name}: answered ${status}`)
    }
  }
  const requests = people * pace.requests
  return {
    name,
    requests,
    readsPerRequest: calls.reads / requests,
    writesPerRequest: calls.writes / requests,
  }
}

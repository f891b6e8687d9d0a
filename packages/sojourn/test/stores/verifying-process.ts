/**
 * A node: a process of its own with a cache over a store, that verifies sessions without pause, and revokes those that it is
 * told to. When it is over, it tells what it saw.
 *
 *     fork('verifying-process.ts', [url, bound, 'sound' | 'deaf' | 'ageless'])
 *
 * `deaf`: it hears no notification. `ageless`: it does not look at its lease.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Store } from '../../src/core/store.ts'
import { cached } from '../../src/stores/cached.ts'
import { resilient } from '../../src/stores/resilient.ts'
import { systemTiming } from '../../src/stores/timing.ts'
import { revokeOne } from './revoke-one.ts'
import { storeAt } from './store-at.ts'
import { type NodeReport, sessionId, steadyMillis, type Told } from './verifying-report.ts'

const [url = '', bound = '', kind = 'sound'] = process.argv.slice(2)
const told = { next: 0, total: 0, set: 0, feed: 'passes', isOver: false }
const report: NodeReport = { verified: 0, fromMemory: 0, failed: 0, active: {}, revoked: {}, tenths: [] }

/** When the cache last looked at a clock. The process may be stopped between that and any look of ours. */
let judged = 0
const looked = (reading: number): number => {
  judged = steadyMillis()
  return kind === 'ageless' ? 0 : reading
}

const store = await storeAt(url)
const around = resilient(store, { deadline: '400ms', tryFor: '200ms', pause: '5ms', retryAfter: '100ms' })
const cache = cached(withFeed(around), {
  staleness: Number(bound),
  onAnswer: ({ from }) => void (report.fromMemory += from === 'memory' ? 1 : 0),
  timing: {
    ...systemTiming,
    now: () => looked(Date.now() + told.set),
    elapsed: () => looked(systemTiming.elapsed()),
  },
})

/** The store, whose feed can be made to fail where no line can. */
function withFeed({ changes, watch, ...rest }: Store): Store {
  if (changes === undefined || watch === undefined) throw new TypeError(`${rest.name} has no feed`)
  const ask: typeof changes = async (after, limit) => {
    if (told.feed === 'cuts') throw new Error('the feed is cut')
    if (told.feed === 'delays') await wait(200)
    const answer = await changes(after, limit)
    return told.feed === 'drops' ? new Promise(() => undefined) : answer
  }
  const hear: typeof watch = (grew) => watch(() => told.feed === 'passes' && grew())
  return kind === 'deaf' ? { ...rest, changes: ask } : { ...rest, changes: ask, watch: hear }
}

process.on('message', (message: Told) => {
  if ('set' in message) told.set += message.set
  else if ('revoke' in message) void revoke(message.revoke)
  else Object.assign(told, message)
})

async function revoke(index: number): Promise<void> {
  try {
    await revokeOne(cache, index)
    report.revoked[sessionId(index)] = steadyMillis()
  } catch {
    // Not acknowledged: it may have been done or not.
  }
}

async function verify(index: number): Promise<void> {
  const id = sessionId(index)
  const asked = steadyMillis()
  try {
    const found = await cache.find(id)
    report.verified++
    if (found?.session.endedAt !== null || found.watermark !== null) return
    const seen = (report.active[id] ??= { asked, judged })
    Object.assign(seen, { asked: Math.max(seen.asked, asked), judged: Math.max(seen.judged, judged) })
    const tenth = Math.floor(judged / 100)
    if (report.tenths.at(-1) !== tenth) report.tenths.push(tenth)
  } catch {
    // Refused: nobody was let in.
    report.failed++
  }
}

process.send?.('ready')
const progress = setInterval(() => process.send?.({ verified: report.verified }), 250)
let under = 0
while (!told.isOver) {
  for (let beside = 0; beside < 2 && under < 200 && told.total > 0; beside++) {
    // Mostly those that were just revoked, or soon will be.
    const near = told.next + 40 - Math.floor(Math.random() * 80)
    const any = Math.floor(Math.random() * told.total)
    under++
    const index = Math.random() < 0.8 && near >= 0 && near < told.total ? near : any
    void verify(index).finally(() => under--)
  }
  await wait(2)
}
clearInterval(progress)
process.send?.(report, () => process.exit(0))

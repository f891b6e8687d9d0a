/** A node of `revocations.ts`: it answers from a cache, and notes when it first refuses each session. */
import { cached } from 'sojourn/stores/cached'
import { answerParent } from '../process/answer.ts'
import { type StoreName, storeAt } from './store-at.ts'

export interface NodeAnswers {
  /** Of each session: when it was refused first, by the clock that all processes of a machine share. */
  readonly refusals: Readonly<Record<string, number>>
  /** The longest that the process had no turn, in milliseconds. */
  readonly stall: number
}

const [name = '', place = ''] = process.argv.slice(2)
const { store, closeClient } = await storeAt(name as StoreName, place)
const cache = cached(store)
const refusals: Record<string, number> = {}
let [stall, latest] = [0, performance.now()]
const standing = new Set<string>()
const asked = new Set<string>()

answerParent(async (question: { readonly watch: readonly string[] } | 'answers' | 'close') => {
  if (question === 'answers') return { refusals, stall } satisfies NodeAnswers
  if (question === 'close') {
    standing.clear()
    await cache.close?.()
    return await closeClient()
  }
  for (const id of question.watch) {
    await cache.find(id)
    standing.add(id)
  }
  latest = performance.now()
  askAll()
  return 'watching'
})

/** How many sessions it asks for in turns: they are revoked in this order. */
const atOnce = 16

/** Asks for the next sessions that still stand, again and again, as requests without a pause would. */
function askAll(): void {
  const now = performance.now()
  ;[stall, latest] = [Math.max(stall, now - latest), now]
  let left = atOnce
  for (const id of standing) {
    if (left-- === 0) break
    if (asked.has(id)) continue
    const answer = cache.find(id)
    if (!(answer instanceof Promise)) note(id, answer)
    else {
      asked.add(id)
      void answer.then((found) => note(id, found)).finally(() => asked.delete(id))
    }
  }
  if (standing.size > 0) setTimeout(askAll, 1)
}

function note(id: string, found: Awaited<ReturnType<typeof cache.find>>): void {
  if (found !== undefined && found.session.endedAt === null && found.watermark === null) return
  refusals[id] = Number(process.hrtime.bigint()) / 1e6
  standing.delete(id)
}

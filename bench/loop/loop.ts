/** A process that runs one contestant in a loop for so many seconds, and answers how often. */
import { loops, type LoopName } from '../contestants/index.ts'
import { answerParent } from '../process/answer.ts'
import type { Sample } from '../rounds.ts'

const name = process.argv[2] as LoopName
const contestant = loops[name]()

answerParent(async (seconds: number): Promise<Sample> => {
  const { batch, ready } = await contestant
  let operations = 0
  let elapsed = 0
  let cpuSeconds = 0
  while (elapsed < seconds) {
    await ready?.()
    const cpu = process.cpuUsage()
    const start = performance.now()
    operations += await batch()
    elapsed += (performance.now() - start) / 1_000
    const { user, system } = process.cpuUsage(cpu)
    cpuSeconds += (user + system) / 1e6
  }
  return { operations, seconds: elapsed, cpuSeconds }
})

/** A process that runs one contestant in a loop for so many seconds, and answers how often. */
import { loops, type LoopName } from '../contestants/index.ts'
import { answerParent } from '../process/answer.ts'
import type { Sample } from '../rounds.ts'

const name = process.argv[2] as LoopName
const contestant = loops[name]()

answerParent(async (seconds: number): Promise<Sample> => {
  const { batch } = await contestant
  const cpu = process.cpuUsage()
  const start = performance.now()
  const end = start + seconds * 1_000
  let operations = 0
  while (performance.now() < end) operations += await batch()
  const elapsed = (performance.now() - start) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  return { operations, seconds: elapsed, cpuSeconds: (user + system) / 1e6 }
})

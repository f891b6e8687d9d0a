import { minute } from 'sojourn/core'
import type { Job } from './job.ts'

/** Removes what is of no use any more from the server's own tables: each room knows what of its own that is. */
export function cleanUpJob(sweeps: () => readonly Promise<unknown>[]): Job {
  return {
    name: 'clean-up',
    says: 'Removes old counters, links, challenges and refused sign-ins.',
    every: 10 * minute,
    async run() {
      // One that fails keeps no other from its work.
      const done = await Promise.allSettled(sweeps())
      for (const one of done) if (one.status === 'rejected') throw one.reason
      return { rows: done.reduce((sum, one) => sum + countOf(one), 0) }
    },
  }
}

function countOf(one: PromiseSettledResult<unknown>): number {
  return one.status === 'fulfilled' && typeof one.value === 'number' ? one.value : 0
}

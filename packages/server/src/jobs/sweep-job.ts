import type { Sessions } from 'sojourn'
import { minute } from 'sojourn/core'
import type { Job } from './job.ts'

/** The library's own runner, once: it marks what is over, minimises and purges what is past its time, in bounded batches. */
export function sweepJob(sessions: Pick<Sessions<object>, 'sweep'>): Job {
  return {
    name: 'sessions',
    says: 'Marks sessions that are over, removes what tells of a person after a while, and purges what is past its retention.',
    every: minute,
    async run() {
      const { marked, minimised, purged } = await sessions.sweep()
      return {
        rows: marked + minimised + purged,
        said: `${marked} marked, ${minimised} minimised, ${purged} purged`,
      }
    },
  }
}

import type { Millis } from 'sojourn'
import type { Job } from './job.ts'
import { JobLoop } from './job-loop.ts'
import { type JobRun, readJobs } from './read-jobs.ts'
import type { Ground, Outcome } from './run-under-lease.ts'

export interface JobState {
  readonly name: string
  readonly says: string
  readonly every: Millis
  /** `undefined`: no node has run it yet. */
  readonly last?: JobRun
}

/** How long a node that was cut off keeps a job from the others. */
export const leaseLasts: Millis = 30_000

/** The jobs of all nodes of one database: whichever node has the lease of a job does it. */
export class Jobs {
  readonly #ground: Ground
  readonly #loops: ReadonlyMap<string, JobLoop>

  constructor(ground: Ground, jobs: readonly Job[]) {
    this.#ground = ground
    this.#loops = new Map(jobs.map((job) => [job.name, new JobLoop(ground, job)]))
  }

  start(): void {
    for (const loop of this.#loops.values()) loop.start()
  }

  /** There is something to do for a job: it runs soon, here or where it runs already. */
  wake(name: string): void {
    this.#loops.get(name)?.wake()
  }

  /** Runs a job at once, due or not; `undefined`: there is none of that name. */
  async run(name: string): Promise<Outcome | undefined> {
    return this.#loops.get(name)?.now()
  }

  async states(): Promise<readonly JobState[]> {
    const last = await readJobs(this.#ground.database, this.#ground.clock.now())
    return [...this.#loops.values()].map(({ job: { name, says, every } }) => {
      const ran = last.get(name)
      return { name, says, every, ...(ran && { last: ran }) }
    })
  }

  /** Begins none any more, and waits for what is under way. */
  async stop(): Promise<void> {
    await Promise.all([...this.#loops.values()].map((loop) => loop.stop()))
  }
}

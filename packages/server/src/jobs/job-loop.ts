import type { Job } from './job.ts'
import { type Ground, type Outcome, runUnderLease } from './run-under-lease.ts'

/** Runs one job of this node again and again: `every` after the last look, and at once when it is woken. Runs do not overlap. */
export class JobLoop {
  readonly job: Job
  readonly #ground: Ground
  readonly #stop = new AbortController()
  #underWay: Promise<Outcome> | undefined
  #isWoken = false
  #callOff = (): void => {}

  constructor(ground: Ground, job: Job) {
    this.#ground = ground
    this.job = job
  }

  start(): void {
    if (this.#stop.signal.aborted) return
    this.#callOff()
    this.#callOff = this.#ground.clock.after(this.job.every, () => this.#go(false))
  }

  /** There is something to do. Of many who say so while it runs, one more run hears of it. */
  wake(): void {
    if (this.#underWay !== undefined) this.#isWoken = true
    else this.#go(true)
  }

  /** Runs it at once, after what is under way; `busy` where another node is at it. */
  async now(): Promise<Outcome> {
    while (this.#underWay !== undefined) await this.#underWay
    if (this.#stop.signal.aborted) return 'busy'
    this.#callOff()
    this.#underWay = this.#run(true, true)
    return this.#underWay
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    this.#callOff()
    await this.#underWay
  }

  #go(early: boolean): void {
    if (this.#stop.signal.aborted || this.#underWay !== undefined) return
    this.#callOff()
    this.#underWay = this.#run(early, false)
  }

  async #run(early: boolean, always: boolean): Promise<Outcome> {
    const { log, ran } = this.#ground
    try {
      if (!always && this.job.isDue !== undefined && !(await this.job.isDue())) return 'done'
      const outcome = await runUnderLease(this.#ground, this.job, early, this.#stop.signal)
      ran?.(this.job.name, outcome)
      return outcome
    } catch (error) {
      log.error({ job: this.job.name, err: error }, 'a job could not be begun')
      ran?.(this.job.name, 'failed')
      return 'failed'
    } finally {
      this.#underWay = undefined
      if (this.#isWoken) {
        this.#isWoken = false
        this.#go(true)
      } else this.start()
    }
  }
}

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { FaultyLine, type LineMode } from './cached/faulty-line.ts'
import type { NodeReport, Told } from './verifying-report.ts'
import { steadyMillis } from './verifying-report.ts'

const script = fileURLToPath(new URL('verifying-process.ts', import.meta.url))

/** From when until when a line let nothing through. */
export interface Outage {
  readonly from: number
  until: number
}

/** A `verifying-process.ts`, seen from outside, and its line to the server, if there is one. */
export class VerifyingNode {
  readonly outages: Outage[] = []
  readonly #process: ChildProcess
  readonly #line: FaultyLine | undefined
  #verified = 0
  #report: NodeReport | undefined

  private constructor(process: ChildProcess, line: FaultyLine | undefined) {
    this.#process = process
    this.#line = line
    process.on('message', (told: NodeReport | { readonly verified: number }) => {
      this.#verified = told.verified
      if ('active' in told) this.#report = told
    })
  }

  static async start(url: string, bound: number, kind: string): Promise<VerifyingNode> {
    const { port } = url.includes('//') ? new URL(url) : { port: '' }
    const line = port === '' ? undefined : await FaultyLine.to(Number(port))
    const through = line === undefined ? url : url.replace(`:${port}`, `:${line.port}`)
    const node = fork(script, [through, String(bound), kind])
    const gone = once(node, 'exit').then(() => Promise.reject(new Error('A node ended before it was ready')))
    gone.catch(() => undefined)
    await Promise.race([once(node, 'message'), gone])
    return new VerifyingNode(node, line)
  }

  /** How many answers it has had so far. */
  get verified(): number {
    return this.#verified
  }

  async hasVerified(enough: number): Promise<void> {
    while (this.#verified < enough) await once(this.#process, 'message')
  }

  tell(told: Told): void {
    this.#process.send(told)
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process.kill(name)
  }

  /** What becomes of all that it asks. A store without a line goes on. */
  setLine(mode: LineMode): void {
    if (this.#line === undefined) return
    const now = steadyMillis()
    const latest = this.outages.at(-1)
    if (latest?.until === Infinity) latest.until = now
    this.#line.mode = mode
    if (mode === 'drops' || mode === 'cuts') this.outages.push({ from: steadyMillis(), until: Infinity })
  }

  async report(): Promise<NodeReport> {
    const exited = once(this.#process, 'exit')
    this.tell({ isOver: true })
    await exited
    if (this.#report === undefined) throw new Error('A node told nothing of what it saw')
    return this.#report
  }

  stop(): void {
    this.#process.kill('SIGKILL')
    this.#line?.close()
  }
}
